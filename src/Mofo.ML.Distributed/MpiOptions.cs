using Mofo.ML.Trainers;
using Mofo.ML.Transforms;

namespace Mofo.ML.Distributed;

/// <summary>How processes work together.</summary>
public sealed class MpiOptions
{
    /// <summary>The number type in which gradients travel.</summary>
    /// <value>
    /// Default <see cref="Precision.Float32"/>; <see cref="Precision.Auto"/> is the same. <see cref="Precision.BFloat16"/> halves what the network has to carry and rounds each gradient to
    /// 8 bits of precision, before and after the sum; docs/scale.md says where that matters.
    /// </value>
    public Precision GradientPrecision { get; set; } = Precision.Float32;

    internal MpiOptions Copy()
    {
        var problems = new OptionProblems(nameof(MpiOptions));
        problems.Defined(GradientPrecision);
        problems.ThrowIfAny();
        return (MpiOptions)MemberwiseClone();
    }
}
