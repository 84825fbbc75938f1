using Mofo.ML.Trainers.Applying;
using Mofo.ML.Trainers.Weights.Facts;

namespace Mofo.ML.Trainers;

/// <summary>What a file or folder of weights was found to be: size, classes, how clips are cut, and where each value comes from.</summary>
public sealed class MofoModelDescription
{
    internal MofoModelDescription(PublishedPlan plan)
    {
        (Path, Model, Fusion, ClassLabels, Remarks) = (plan.Path, plan.Shape.Size, plan.Shape.Fusion, plan.Classes?.Values ?? [], plan.Remarks);
        (Sampling, FrameStride) = (plan.Views.Sampling, plan.Views.Stride);
    }

    /// <summary>The file or folder.</summary>
    public string Path { get; }

    /// <summary>Size of the network and of the clips it takes; of a decoder too, where the file has one.</summary>
    public VitConfig Model { get; }

    /// <summary>How tokens inside and outside the motion box are joined; all but <see cref="MotionFusion.None"/> and <see cref="MotionFusion.AttentivePooling"/> need a column with motion boxes.</summary>
    public MotionFusion Fusion { get; }

    /// <summary>The classes in the order of the scores; empty for weights without a head.</summary>
    public IReadOnlyList<string> ClassLabels { get; }

    /// <summary>How clips are cut from videos.</summary>
    public Mofo.ML.Transforms.ClipSampling Sampling { get; }

    /// <summary>Frames between two sampled ones where clips are cut densely.</summary>
    public int FrameStride { get; }

    /// <summary>What was assumed or interpolated, in sentences.</summary>
    public IReadOnlyList<string> Remarks { get; }

    /// <summary>The description as one paragraph.</summary>
    public override string ToString()
    {
        var head = ClassLabels.Count == 0 ? "no head" : Invariant($"a head for {ClassLabels.Count} classes");
        return $"{Path}: {SizeText.Of(Model)}, fusion {Fusion}, {head}. {string.Join(' ', Remarks)}".TrimEnd();
    }
}
