using Mofo.ML.Trainers;
using Mofo.ML.Transforms;

namespace ActionRecognition.Training;

/// <summary>The network of the examples that train, and the motion boxes that suit it.</summary>
internal static class SmallNetwork
{
    /// <summary>8 frames of 48 pixels in tubes of 2 x 8 x 8: 144 tokens of width 96, half a million weights.</summary>
    /// <remarks>Few and coarse tokens: from a few hundred clips, a larger picture teaches textures before movements.</remarks>
    public static VitConfig Config { get; } = new()
    {
        ImageSize = 48,
        PatchSize = 8,
        TubeletSize = 2,
        Frames = 8,
        EmbedDim = 96,
        Depth = 4,
        Heads = 3,
        DecoderDim = 48,
        DecoderDepth = 2,
        DecoderHeads = 3,
    };

    /// <summary>The same network on pixels or on changes.</summary>
    /// <remarks>On the pixels of some fifty clips it learns their scenes or nothing; on the pixels of a thousand and more it does as well or better (README.md).</remarks>
    public static VitConfig Seeing(ClipInput input) => Config with { Input = input };

    /// <summary>Whether its pretraining normalises targets: pixels, as the paper.</summary>
    /// <remarks>Changes are of one scale already; to normalise each token's would make noise of what stands still.</remarks>
    public static bool NormalizesTargets(ClipInput input) => input == ClipInput.Pixels;

    /// <summary>A box for every frame, over a short window: the way of the box says which way a thing went.</summary>
    /// <remarks>The paper takes the union over the clip, which suits pretrained networks; trained from scratch it leaves the way to be found in pixels.</remarks>
    public static MotionDetectionOptions Detection(string cacheFolder) => new()
    {
        BoxMode = BoxMode.PerFrame,
        Window = 4,
        FineSigma = 1,
        PeakCut = 0.4,
        AreaCut = 0.5,
        CacheFolder = cacheFolder,
    };
}
