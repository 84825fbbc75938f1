namespace Mofo.ML.Research;

/// <summary>What a verb or noun scores that no known action has.</summary>
public enum AbsentClassScore
{
    /// <summary>The probability of the first action, as the official EPIC-KITCHENS-100 code (and MOFO's after it) does: needed for comparable figures.</summary>
    /// <remarks>Such a class can tie with, or beat, classes that do occur.</remarks>
    FirstAction,

    /// <summary>Nothing: a class that cannot be meant is never predicted before one that can.</summary>
    Zero,
}
