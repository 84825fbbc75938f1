using System.Globalization;
using System.Text.Json.Serialization;
using Mofo.ML.Trainers.Weights.Facts;
using Mofo.ML.Transforms;

namespace Mofo.ML.Trainers;

/// <summary>Settings of <c>ApplyMofoModel</c>: what a weight file does not say itself, and how videos are scored.</summary>
/// <remarks>Every value that is null is found out: from the settings of a HuggingFace folder, else from the shapes of the tensors, else as the published networks have it. The log says which.</remarks>
public sealed class MofoModelOptions : VideoStageOptions
{
    /// <summary>File with the names of the classes, one a line, in the order of the head.</summary>
    /// <value>Default null: the names of a HuggingFace folder, else the numbers from 0.</value>
    [JsonIgnore]
    public string? ClassNamesPath { get; set; }

    /// <summary>Attention heads of the encoder, which the shapes of the tensors do not show.</summary>
    /// <value>
    /// Default null: those of the folder's settings, else of the published network of that width (384: 6, 768: 12, 1024: 16, 1280: 16, 1408: 16), else one for each 64 values of the
    /// width. At least 1.
    /// </value>
    public int? Heads { get; set; }

    /// <summary>Frames of a clip.</summary>
    /// <value>Default null: as the weights were trained. With another number positions are interpolated; a multiple of the frames that a token spans, at least 1.</value>
    public int? Frames { get; set; }

    /// <summary>Side of the square frames that the network sees, in pixels.</summary>
    /// <value>Default null: as the weights were trained. With another size positions are interpolated; a multiple of the side of a patch, at least 1.</value>
    public int? ImageSize { get; set; }

    /// <summary>Frames of the clips that the weights were trained at, where the file does not say.</summary>
    /// <value>Default null: as the folder's settings or the stored positions say, else 16, as all published networks. At least 1.</value>
    public int? PositionFrames { get; set; }

    /// <summary>Side of the frames that the weights were trained at, in pixels, where the file does not say.</summary>
    /// <value>Default null: as the folder's settings or the stored positions say, else 224, as all published networks. At least 1.</value>
    public int? PositionImageSize { get; set; }

    /// <summary>How tokens inside and outside the motion box are joined.</summary>
    /// <value>
    /// Default null: <see cref="MotionFusion.MultiHeadCrossAttention"/> where the file has its layers, else <see cref="MotionFusion.SoftAttention"/> where it has those, else
    /// <see cref="MotionFusion.None"/>. MOFO's released code saves the layers of all fusions, whichever was trained; set it where that was another one.
    /// </value>
    public MotionFusion? Fusion { get; set; }

    /// <summary>Whether <see cref="MotionFusion.SoftAttention"/> computes as the released code does: plain means inside and outside, whatever its scores.</summary>
    /// <value>Default false: it attends. True suits weights that the released code trained (docs/model-quirks.md).</value>
    public bool ReleasedSoftAttention { get; set; }

    /// <summary>How clips are cut from videos; weights do not say how they were trained.</summary>
    /// <value>
    /// Default null: <see cref="ClipSampling.Uniform"/> for a head of 174 classes (Something-Something v2) and for heads with a motion fusion (MOFO), else <see cref="ClipSampling.Dense"/>
    /// (Kinetics): the sampling of the published networks.
    /// </value>
    public ClipSampling? Sampling { get; set; }

    /// <summary>Frames between two sampled ones where clips are cut densely.</summary>
    /// <value>Default 4, as VideoMAE and VideoMAE V2 for Kinetics; in [1, 64].</value>
    public int FrameStride { get; set; } = 4;

    /// <summary>Clips per video, spread over time; their scores are averaged.</summary>
    /// <value>Default 1, the middle of the video; in [1, 64]. The published accuracies are of 5 for Kinetics and 2 for Something-Something v2.</value>
    public int TestSegments { get; set; } = 1;

    /// <summary>Crops per clip, spread along the long side; their scores are averaged.</summary>
    /// <value>Default 1, the middle; in [1, 16]. The published accuracies are of 3.</value>
    public int TestCrops { get; set; } = 1;

    /// <summary>Mean of red, green and blue, for values in [0, 1].</summary>
    /// <value>Default null: that of the folder's settings, else ImageNet's (0.485, 0.456, 0.406), as all published networks. Three numbers otherwise.</value>
    public IReadOnlyList<float>? Mean { get; set; }

    /// <summary>Standard deviation of red, green and blue, for values in [0, 1].</summary>
    /// <value>Default null: that of the folder's settings, else ImageNet's (0.229, 0.224, 0.225), as all published networks. Three numbers above 0 otherwise.</value>
    public IReadOnlyList<float>? StandardDeviation { get; set; }

    /// <summary>Number type of the matrix products.</summary>
    /// <value>Default <see cref="Trainers.Precision.Auto"/>: bfloat16 where the hardware has it.</value>
    public Precision Precision { get; set; } = Precision.Auto;

    /// <summary>Clips in one pass of the network; bounds its memory.</summary>
    /// <value>Default 8; in [1, 1024].</value>
    public int BatchSize { get; set; } = 8;

    internal NetworkHints Hints => new() { Heads = Heads, Frames = PositionFrames, ImageSize = PositionImageSize };

    internal MofoModelOptions Copy() => CopyOf<MofoModelOptions>();

    private protected override void AddProblems(OptionProblems problems)
    {
        problems.Require(ClassNamesPath is null || File.Exists(ClassNamesPath), $"{nameof(ClassNamesPath)} is '{ClassNamesPath}'; there is no such file.");
        problems.InRange(Heads ?? 1, 1, int.MaxValue, nameof(Heads));
        problems.InRange(Frames ?? 1, 1, 4096, nameof(Frames));
        problems.InRange(ImageSize ?? 1, 1, 8192, nameof(ImageSize));
        problems.InRange(PositionFrames ?? 1, 1, 4096, nameof(PositionFrames));
        problems.InRange(PositionImageSize ?? 1, 1, 8192, nameof(PositionImageSize));
        problems.Defined(Fusion ?? MotionFusion.None, nameof(Fusion));
        problems.Defined(Sampling ?? ClipSampling.Uniform, nameof(Sampling));
        problems.InRange(FrameStride, 1, 64);
        problems.InRange(TestSegments, 1, 64);
        problems.InRange(TestCrops, 1, 16);
        problems.Require(Mean is null || (Mean.Count == 3 && Mean.All(float.IsFinite)), $"{nameof(Mean)} is [{Listed(Mean)}]; it must be three finite numbers, or null.");
        problems.Require(StandardDeviation is null || (StandardDeviation.Count == 3 && StandardDeviation.All(value => value is > 0 and < float.PositiveInfinity)), $"{nameof(StandardDeviation)} is [{Listed(StandardDeviation)}]; it must be three finite numbers above 0, or null.");
        problems.Defined(Precision);
        problems.InRange(BatchSize, 1, 1024);
    }

    private static string Listed(IReadOnlyList<float>? values) => string.Join(", ", (values ?? []).Select(value => value.ToString(CultureInfo.InvariantCulture)));
}
