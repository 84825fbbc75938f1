using Mofo.ML.Research;
using Mofo.ML.Trainers.Masking;
using Mofo.ML.Trainers.Model;
using Mofo.ML.Transforms;

namespace Mofo.ML.Trainers;

/// <summary>Size of a video vision transformer and of the clips it takes.</summary>
/// <remarks>
/// The presets from Small to Huge are those of VideoMAE and MOFO (patches of 2x16x16, 16 frames of 224 pixels, decoder of depth 4 as their scripts set it).
/// Any other size works: positions are computed, not stored, so weights trained at one resolution or clip length can be loaded at another.
/// For those, say in <see cref="PositionImageSize"/> and <see cref="PositionFrames"/> what the weights were trained at: the positions they know are
/// then interpolated to the new size (linearly in time, height and width, cells aligned by their edges; the idea is that of Dosovitskiy et al. 2021, 3.2).
/// </remarks>
public sealed record VitConfig
{
    /// <summary>Side of the square input frames, a multiple of <see cref="PatchSize"/>.</summary>
    /// <value>224 pixels by default.</value>
    public int ImageSize { get; init; } = 224;

    /// <summary>Side of a patch.</summary>
    /// <value>16 pixels by default.</value>
    public int PatchSize { get; init; } = 16;

    /// <summary>Frames that one token spans.</summary>
    /// <value>2 by default.</value>
    public int TubeletSize { get; init; } = 2;

    /// <summary>Frames of a clip, a multiple of <see cref="TubeletSize"/>.</summary>
    /// <value>16 by default.</value>
    public int Frames { get; init; } = 16;

    /// <summary>Side of the frames that the starting weights were trained at, a multiple of <see cref="PatchSize"/>; their positions are interpolated to <see cref="ImageSize"/>.</summary>
    /// <value>Null by default: pixels as in <see cref="ImageSize"/>, nothing is interpolated.</value>
    public int? PositionImageSize { get; init; }

    /// <summary>Frames of the clips that the starting weights were trained at, a multiple of <see cref="TubeletSize"/>; their positions are interpolated to <see cref="Frames"/>.</summary>
    /// <value>Null by default: as in <see cref="Frames"/>, nothing is interpolated.</value>
    public int? PositionFrames { get; init; }

    /// <summary>What the network sees of a clip.</summary>
    /// <value><see cref="ClipInput.Pixels"/> by default, as the original; <see cref="ClipInput.Changes"/> suits small networks trained from scratch on few clips.</value>
    public ClipInput Input { get; init; } = ClipInput.Pixels;

    /// <summary>How the network encodes the position of a token.</summary>
    /// <value><see cref="TokenPositions.Sequence"/> by default, as the original; <see cref="TokenPositions.PerAxis"/> suits small networks pretrained from scratch.</value>
    public TokenPositions Positions { get; init; } = TokenPositions.Sequence;

    /// <summary>Width of the encoder, a multiple of <see cref="Heads"/>.</summary>
    /// <value>768 by default.</value>
    public int EmbedDim { get; init; } = 768;

    /// <summary>Blocks of the encoder.</summary>
    /// <value>12 by default.</value>
    public int Depth { get; init; } = 12;

    /// <summary>Attention heads of the encoder.</summary>
    /// <value>12 by default.</value>
    public int Heads { get; init; } = 12;

    /// <summary>Hidden width of the feed-forward part over the width of its block.</summary>
    /// <value>4 by default.</value>
    public double MlpRatio { get; init; } = 4;

    /// <summary>Width of the decoder used in pretraining, a multiple of <see cref="DecoderHeads"/>.</summary>
    /// <value>384 by default.</value>
    public int DecoderDim { get; init; } = 384;

    /// <summary>Blocks of the decoder.</summary>
    /// <value>4 by default.</value>
    public int DecoderDepth { get; init; } = 4;

    /// <summary>Attention heads of the decoder.</summary>
    /// <value>6 by default.</value>
    public int DecoderHeads { get; init; } = 6;

    /// <summary>ViT-Small: width 384, 12 blocks, 6 heads; decoder 192 wide, 3 heads. 24.0 million weights in pretraining.</summary>
    public static VitConfig Small => new() { EmbedDim = 384, Heads = 6, DecoderDim = 192, DecoderHeads = 3 };

    /// <summary>ViT-Base: width 768, 12 blocks, 12 heads; decoder 384 wide, 6 heads. 94.2 million weights in pretraining.</summary>
    public static VitConfig Base => new();

    /// <summary>ViT-Large: width 1024, 24 blocks, 16 heads; decoder 512 wide, 8 heads. 317.8 million weights in pretraining.</summary>
    public static VitConfig Large => new() { EmbedDim = 1024, Depth = 24, Heads = 16, DecoderDim = 512, DecoderHeads = 8 };

    /// <summary>ViT-Huge: width 1280, 32 blocks, 16 heads; decoder 640 wide, 8 heads. 653.1 million weights in pretraining.</summary>
    public static VitConfig Huge => new() { EmbedDim = 1280, Depth = 32, Heads = 16, DecoderDim = 640, DecoderHeads = 8 };

    /// <summary>ViT-Tiny for clips of 112 pixels: width 192, 12 blocks, 3 heads; decoder 96 wide, 3 heads. 392 tokens, 6.2 million weights in pretraining.</summary>
    /// <remarks>Width, depth and heads are those of DeiT-Ti (arXiv 2012.12877, table 1); the picture of 112 pixels and the narrow decoder are ours, for some hundreds to thousands of clips.</remarks>
    public static VitConfig Tiny => new() { ImageSize = 112, EmbedDim = 192, Heads = 3, DecoderDim = 96, DecoderHeads = 3 };

    /// <summary>The network of the examples: 8 frames of 48 pixels in tubes of 2 x 8 x 8, width 96, 4 blocks, 3 heads; decoder 48 wide, 2 blocks, 3 heads. 144 tokens, 0.56 million weights in pretraining.</summary>
    /// <remarks>
    /// Ours, for some dozens to some thousand clips, trained in minutes without a GPU. Few and coarse tokens: from so few clips, a larger picture teaches textures before movements.
    /// For the same reason it sees <see cref="ClipInput.Changes"/>, and its positions are <see cref="TokenPositions.PerAxis"/>, which shorten the time in which nothing is learned.
    /// </remarks>
    public static VitConfig Micro => new()
    {
        ImageSize = 48,
        PatchSize = 8,
        Frames = 8,
        EmbedDim = 96,
        Depth = 4,
        Heads = 3,
        DecoderDim = 48,
        DecoderDepth = 2,
        DecoderHeads = 3,
        Input = ClipInput.Changes,
        Positions = TokenPositions.PerAxis,
    };

    /// <summary>The preset that learns from a number of your own clips: <see cref="Micro"/> below 5,000, <see cref="Tiny"/> below 50,000, else <see cref="Base"/>.</summary>
    /// <param name="clips">Training clips; at least 1.</param>
    /// <remarks>The borders are ours. Where there are pretrained weights, take their network instead.</remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="clips"/> is below 1.</exception>
    public static VitConfig SuitedTo(int clips)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(clips, 1);
        return clips switch { < 5_000 => Micro, < 50_000 => Tiny, _ => Base };
    }

    /// <summary>Whether it is narrower than ViT-S, so that the paper's start and rates are too weak for it.</summary>
    internal bool IsNarrow => EmbedDim < 384;

    internal PatchGrid Grid => new(ImageSize / PatchSize, ImageSize / PatchSize, PatchSize);

    internal int TimeSlices => Frames / TubeletSize;

    /// <summary>The tokens along time, height and width.</summary>
    internal TokenGrid TokenGrid => new(TimeSlices, Grid.Rows, Grid.Columns);

    /// <summary>The same of the clips that the weights were trained at, whose positions they know.</summary>
    internal TokenGrid TrainedTokenGrid => (this with { ImageSize = PositionImageSize ?? ImageSize, Frames = PositionFrames ?? Frames }).TokenGrid;

    /// <summary>Tokens of a clip (N).</summary>
    internal int Tokens => TimeSlices * Grid.Cells;

    /// <summary>Values in one token's pixels, three channels (P).</summary>
    internal int PixelsPerToken => 3 * TubeletSize * PatchSize * PatchSize;

    /// <summary>Values that the decoder predicts of one token (V).</summary>
    internal int ValuesPerToken(ReconstructionTarget target) => target == ReconstructionTarget.PixelsAndDifferences ? 2 * PixelsPerToken : PixelsPerToken;

    /// <summary>Checks all fields together.</summary>
    /// <exception cref="MofoOptionsException">One or more fields are out of range or do not divide; the message lists all of them.</exception>
    public void Validate()
    {
        var problems = new List<string>();
        AddProblems(problems);
        if (problems.Count > 0)
        {
            throw new MofoOptionsException(nameof(VitConfig), problems);
        }
    }

    /// <summary>Adds one sentence per wrong field.</summary>
    internal void AddProblems(ICollection<string> problems)
    {
        Positive(nameof(ImageSize), ImageSize);
        Positive(nameof(PatchSize), PatchSize);
        Positive(nameof(TubeletSize), TubeletSize);
        Positive(nameof(Frames), Frames);
        Positive(nameof(PositionImageSize), PositionImageSize ?? 1);
        Positive(nameof(PositionFrames), PositionFrames ?? 1);
        Positive(nameof(EmbedDim), EmbedDim);
        Positive(nameof(Depth), Depth);
        Positive(nameof(Heads), Heads);
        Positive(nameof(DecoderDim), DecoderDim);
        Positive(nameof(DecoderDepth), DecoderDepth);
        Positive(nameof(DecoderHeads), DecoderHeads);
        Divides(nameof(ImageSize), ImageSize, nameof(PatchSize), PatchSize);
        Divides(nameof(Frames), Frames, nameof(TubeletSize), TubeletSize);
        Divides(nameof(PositionImageSize), PositionImageSize ?? 0, nameof(PatchSize), PatchSize);
        Divides(nameof(PositionFrames), PositionFrames ?? 0, nameof(TubeletSize), TubeletSize);
        Divides(nameof(EmbedDim), EmbedDim, nameof(Heads), Heads);
        Divides(nameof(DecoderDim), DecoderDim, nameof(DecoderHeads), DecoderHeads);
        Defined(nameof(Input), Input);
        Defined(nameof(Positions), Positions);
        if (!(MlpRatio > 0 && MlpRatio <= 64 && (int)(MlpRatio * EmbedDim) >= 1))
        {
            problems.Add(Invariant($"MlpRatio is {MlpRatio}; it must be above 0 and at most 64."));
        }

        void Positive(string name, int value)
        {
            if (value < 1)
            {
                problems.Add(Invariant($"{name} is {value}; it must be at least 1."));
            }
        }

        void Defined<T>(string name, T value)
            where T : struct, Enum
        {
            if (!Enum.IsDefined(value))
            {
                problems.Add(Invariant($"{name} is {value}; it must be one of {string.Join(", ", Enum.GetNames<T>())}."));
            }
        }

        void Divides(string name, int value, string divisorName, int divisor)
        {
            if (value >= 1 && divisor >= 1 && value % divisor != 0)
            {
                problems.Add(Invariant($"{name} is {value}; it must be a multiple of {divisorName} ({divisor})."));
            }
        }
    }
}
