using System.Globalization;
using Mofo.ML.Trainers.Weights;
using Mofo.ML.Trainers.Weights.Facts;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.Clips;
using Mofo.ML.Transforms.Scoring;

namespace Mofo.ML.Trainers.Applying;

/// <summary>What a file or folder of weights becomes under the given options: the network, the views of a video, the names of the classes.</summary>
/// <param name="Path">File or folder as the user named it.</param>
/// <param name="Shape">The network.</param>
/// <param name="Views">Which parts of a video it sees.</param>
/// <param name="Classes">Names of the classes; null for a network without a head.</param>
/// <param name="Remarks">How the values were found, in sentences.</param>
internal sealed record PublishedPlan(string Path, PublishedShape Shape, ScoringViews Views, ClassNames? Classes, IReadOnlyList<string> Remarks)
{
    /// <summary>Classes of Something-Something v2, whose networks are trained and tested with uniform sampling.</summary>
    private const int SomethingClasses = 174;

    /// <summary>Reads the settings and the shapes of the weights, not the weights.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="WeightFileException">The file cannot be read, or holds no network of this kind.</exception>
    /// <exception cref="MofoOptionsException">An option does not fit the weights.</exception>
    public static PublishedPlan Of(string path, MofoModelOptions options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (WeightFiles.IsSavedModel(path))
        {
            throw new WeightFileException(path, null, "a model saved by ML.NET", "weights alone; a saved model is loaded with mlContext.Model.Load");
        }

        using var source = WeightFiles.Open(path);
        using var original = ParameterNames.ToOriginal(source);
        var facts = NetworkFacts.Of(path, original, options.Hints);
        var remarks = new List<string>(facts.Remarks);
        var shape = new PublishedShape(SizeFor(facts, options, remarks), facts.Classes, FusionFor(facts, options), facts.Pooling)
        {
            NormEpsilon = facts.NormEpsilon,
            HeadNormEpsilon = facts.HeadNormEpsilon,
            ReleasedSoftAttention = options.ReleasedSoftAttention,
        };
        return new PublishedPlan(path, shape, ViewsFor(shape, facts.FrameRule, options, remarks), ClassesFor(facts, options, remarks), remarks);
    }

    /// <summary>The network with its weights, and what became of each tensor.</summary>
    /// <exception cref="WeightMismatchException">A tensor of the network is missing, or one of the file has no place in it.</exception>
    public (PublishedNetwork Network, LoadReport Report) Load()
    {
        var network = new PublishedNetwork(Shape);
        try
        {
            return (network, InitialWeights.Load(Path, network, Shape.Size, WeightUse.Scoring));
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    private static VitConfig SizeFor(NetworkFacts facts, MofoModelOptions options, List<string> remarks)
    {
        var trained = facts.Size;
        if (facts.KnowsClips && ((options.PositionFrames ?? trained.Frames) != trained.Frames || (options.PositionImageSize ?? trained.ImageSize) != trained.ImageSize))
        {
            throw new MofoOptionsException(nameof(MofoModelOptions), [string.Create(
                CultureInfo.InvariantCulture,
                $"PositionFrames and PositionImageSize are {options.PositionFrames ?? trained.Frames} and {options.PositionImageSize ?? trained.ImageSize}; the weights of {facts.Origin} were trained on {trained.Frames} frames of {trained.ImageSize} pixels.")]);
        }

        var size = trained with { Frames = options.Frames ?? trained.Frames, ImageSize = options.ImageSize ?? trained.ImageSize };
        if (size != trained)
        {
            size = size with { PositionFrames = trained.PositionFrames ?? trained.Frames, PositionImageSize = trained.PositionImageSize ?? trained.ImageSize };
            remarks.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"Positions are interpolated from {trained.Frames} frames of {trained.ImageSize} pixels to {size.Frames} frames of {size.ImageSize} pixels."));
        }

        var problems = new List<string>();
        size.AddProblems(problems);
        return problems.Count == 0 ? size : throw new MofoOptionsException(nameof(MofoModelOptions), problems);
    }

    private static MotionFusion FusionFor(NetworkFacts facts, MofoModelOptions options)
    {
        var fusion = options.Fusion ?? facts.Fusions.FirstOrDefault(MotionFusion.None);
        if (fusion is MotionFusion.None)
        {
            return fusion;
        }

        var problem = facts.Pooling is TokenPooling.NormThenMean or TokenPooling.NormThenFirst
            ? $"Fusion is {fusion}; the weights of {facts.Origin} have a norm of each token and no norm of the pooled vector (fc_norm), as a fusion needs."
            : fusion is not MotionFusion.WeightedMean && !facts.Fusions.Contains(fusion) ? $"Fusion is {fusion}; the weights of {facts.Origin} have no layers of it."
            : null;
        return problem is null ? fusion : throw new MofoOptionsException(nameof(MofoModelOptions), [problem]);
    }

    private static ScoringViews ViewsFor(PublishedShape shape, FrameRule rule, MofoModelOptions options, List<string> remarks)
    {
        if (rule.Stretch && options.TestCrops > 1)
        {
            throw new MofoOptionsException(
                nameof(MofoModelOptions), [$"{nameof(MofoModelOptions.TestCrops)} is {options.TestCrops.ToString(CultureInfo.InvariantCulture)}; the folder's settings resize whole frames to a square, so it must be 1."]);
        }

        var isUniform = shape.Classes == SomethingClasses || shape.Fusion != MotionFusion.None;
        var sampling = options.Sampling ?? (isUniform ? ClipSampling.Uniform : ClipSampling.Dense);
        if (options.Sampling is null)
        {
            remarks.Add(sampling == ClipSampling.Uniform
                ? "Clips are cut uniformly, as for Something-Something v2 and MOFO; weights do not say how they were trained."
                : string.Create(CultureInfo.InvariantCulture, $"Clips are cut densely, every frame number {options.FrameStride}, as for Kinetics; weights do not say how they were trained."));
        }

        var normalization = rule.Normalization with
        {
            Mean = options.Mean is null ? rule.Normalization.Mean : [.. options.Mean],
            StandardDeviation = options.StandardDeviation is null ? rule.Normalization.StandardDeviation : [.. options.StandardDeviation],
        };
        return new ScoringViews(shape.Size.Frames, shape.Size.ImageSize, sampling, options.FrameStride, options.TestSegments, options.TestCrops)
        {
            Normalization = normalization,
            CropShare = rule.CropShare,
            Stretch = rule.Stretch,
        };
    }

    private static ClassNames? ClassesFor(NetworkFacts facts, MofoModelOptions options, List<string> remarks)
    {
        if (facts.Classes == 0)
        {
            return options.ClassNamesPath is null ? null : throw new MofoOptionsException(
                nameof(MofoModelOptions), [$"{nameof(MofoModelOptions.ClassNamesPath)} is '{options.ClassNamesPath}'; the weights of {facts.Origin} have no head that it could name."]);
        }

        var names = options.ClassNamesPath is null ? facts.Labels : Mofo.ML.Transforms.VideoLists.ClassList.Read(options.ClassNamesPath).Names;
        if (names is null)
        {
            remarks.Add($"The classes are named by their numbers from 0; {nameof(MofoModelOptions)}.{nameof(MofoModelOptions.ClassNamesPath)} takes a file with their names.");
            names = [.. Enumerable.Range(0, facts.Classes).Select(i => i.ToString(CultureInfo.InvariantCulture))];
        }

        return names.Count == facts.Classes ? new ClassNames(nameof(String), names) : throw new MofoOptionsException(
            nameof(MofoModelOptions),
            [string.Create(CultureInfo.InvariantCulture, $"{options.ClassNamesPath ?? "The id2label of config.json"} has {names.Count} names; the head of {facts.Origin} has {facts.Classes} classes.")]);
    }
}
