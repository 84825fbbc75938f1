namespace Mofo.ML.Research;

/// <summary>Which data set's clean-up rules are applied to the boxes.</summary>
/// <remarks>They differ in two points only: what becomes of a vanishing union, and how far a bad box looks ahead for a good one.</remarks>
public enum BoxRules
{
    /// <summary>Something-Something v2: a union below 1 % of the frame becomes the central half.</summary>
    SomethingSomething,

    /// <summary>EPIC-KITCHENS-100: a small union stays as it is.</summary>
    EpicKitchens,
}
