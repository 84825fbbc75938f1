namespace Mofo.ML.Transforms;

/// <summary>Which boxes the detector hands on.</summary>
public enum BoxMode
{
    /// <summary>The union over the clip, repeated for every frame: the paper's choice.</summary>
    Union,

    /// <summary>A box of its own for every frame.</summary>
    PerFrame,
}
