using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Weights.Facts;
using Mofo.ML.Transforms;

namespace Mofo.ML.Trainers.Applying;

/// <summary>What a network for scoring is built from: all that its weights do not hold themselves.</summary>
/// <param name="Size">Sizes, of the clips to come too.</param>
/// <param name="Classes">Classes of the head; 0 for a network without one.</param>
/// <param name="Fusion">How tokens become one vector.</param>
/// <param name="Pooling">Where the mean and the norm stand.</param>
internal sealed record PublishedShape(VitConfig Size, int Classes, MotionFusion Fusion, TokenPooling Pooling)
{
    /// <summary>Added to the variance by the norms of the blocks.</summary>
    public double NormEpsilon { get; init; } = Model.Layers.BlockShape.NormEpsilon;

    /// <summary>The same of the norm before the head.</summary>
    public double HeadNormEpsilon { get; init; } = Model.Layers.BlockShape.NormEpsilon;

    /// <summary>True to compute SoftAttention as the released code does.</summary>
    public bool ReleasedSoftAttention { get; init; }

    /// <summary>Checks a shape that comes from a file.</summary>
    /// <exception cref="Mofo.ML.Transforms.MofoOptionsException">Lists every value that cannot be used.</exception>
    public void Validate()
    {
        var problems = new OptionProblems(nameof(PublishedShape));
        problems.Require(Size is not null, "Size is missing.");
        problems.InRange(Classes, 0, 1 << 20);
        problems.Defined(Fusion);
        problems.Defined(Pooling);
        problems.InRange(NormEpsilon, 0, 1);
        problems.InRange(HeadNormEpsilon, 0, 1);
        problems.ThrowIfAny();
        Size!.Validate();
    }

    /// <summary>Whether there is a norm after the blocks at all.</summary>
    internal bool HasNorm => Pooling != TokenPooling.Mean;
}
