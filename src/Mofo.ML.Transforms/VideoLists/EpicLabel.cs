
namespace Mofo.ML.Transforms;

/// <summary>What the label of a segment of EPIC-KITCHENS is.</summary>
public enum EpicLabel
{
    /// <summary>The action, verb and noun class together: <c>3:12</c>, as <c>ActionMarginals</c> takes it.</summary>
    Action,

    /// <summary>The verb class: <c>3</c>.</summary>
    Verb,

    /// <summary>The noun class: <c>12</c>.</summary>
    Noun,
}
