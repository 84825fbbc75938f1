using Mofo.ML.Trainers.Model;
using Mofo.ML.Transforms;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Tests.Model;

/// <summary>Models and clips small enough for tests of properties: 32 px, 2x2 patches, 4 slices.</summary>
internal static class TinyModels
{
    public static readonly VitConfig Config = new()
    {
        ImageSize = 32,
        Frames = 8,
        EmbedDim = 24,
        Depth = 2,
        Heads = 2,
        DecoderDim = 32, // more than the 24 hidden tokens of a batch of two: the head can then tell them apart
        DecoderDepth = 1,
        DecoderHeads = 2,
    };

    public static Tensor Pixels(int batch, long seed = 1) =>
        randn([batch, 3, Config.Frames, Config.ImageSize, Config.ImageSize], generator: new Generator((ulong)seed));

    public static VideoClassifier Classifier(MotionFusion fusion, double dropPath = 0, int classes = 3, double headScale = 1)
    {
        var model = new VideoClassifier(Config, new ClassifierShape(classes, fusion) { DropPath = dropPath, HeadScale = headScale }, new Generator(5));
        using var frozen = no_grad();
        var generator = new Generator(6);
        foreach (var (name, parameter) in model.named_parameters())
        {
            // Scores of soft attention start at 0, where the pooling is a plain mean; a test should see it attend.
            if (name.StartsWith("soft_att", StringComparison.Ordinal))
            {
                _ = parameter.normal_(0, 1, generator);
            }
        }

        return model;
    }

    /// <summary>Boxes of each kind: moving, none, whole frame, tiny.</summary>
    public static IReadOnlyList<IReadOnlyList<MotionBox>> Boxes() =>
    [
        [.. Enumerable.Range(0, Config.Frames).Select(f => new MotionBox(f, 0, f + 10, 10))],
        [],
        [new MotionBox(0, 0, 32, 32)],
        [new MotionBox(20, 20, 21, 21)],
    ];
}
