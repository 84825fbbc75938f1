namespace Mofo.ML.Trainers.Weights.Facts;

/// <summary>What a user says of weights that do not say it themselves.</summary>
internal sealed record NetworkHints
{
    /// <summary>Nothing is said.</summary>
    public static NetworkHints None { get; } = new();

    /// <summary>Attention heads of the encoder.</summary>
    public int? Heads { get; init; }

    /// <summary>Frames of the clips that the weights were trained at.</summary>
    public int? Frames { get; init; }

    /// <summary>Side of the frames that they were trained at.</summary>
    public int? ImageSize { get; init; }

    /// <summary>The size that the network is to have, to distinguish ambiguous tables of positions.</summary>
    public VitConfig? Asked { get; init; }

    public static NetworkHints Of(VitConfig? asked) => asked is null ? None : new() { Heads = asked.Heads, Frames = asked.PositionFrames, ImageSize = asked.PositionImageSize, Asked = asked };
}
