namespace Mofo.ML.Transforms;

/// <summary>What a stage does with a video that cannot be read.</summary>
public enum BadVideoHandling
{
    /// <summary>Stop with a <c>VideoException</c> that names file, row and reason.</summary>
    Throw,

    /// <summary>Warn once per file and go on without it: no boxes, left out of training, scored as missing.</summary>
    Skip,
}
