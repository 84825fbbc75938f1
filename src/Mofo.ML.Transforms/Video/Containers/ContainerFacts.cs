namespace Mofo.ML.Transforms.Video.Containers;

/// <summary>What a container says of its first video, before anything is decoded. What it does not say is null, 0 or false.</summary>
/// <param name="Kind">Which container.</param>
internal sealed record ContainerFacts(ContainerKind Kind)
{
    /// <summary>Pixels of a coded picture, not turned.</summary>
    public (int Width, int Height) Size { get; init; }

    /// <summary>A second size that another part of the video is declared to have; null for none.</summary>
    public (int Width, int Height)? OtherSize { get; init; }

    /// <summary>The codec as the container names it: four characters, or Matroska's codec id.</summary>
    public string? Codec { get; init; }

    /// <summary>Frames that are listed one by one and lie inside the edit list: decoding far fewer means damage.</summary>
    public int? ListedFrames { get; init; }

    /// <summary>Whether <see cref="ListedFrames"/> is what a player shows; otherwise only counting shows it.</summary>
    public bool CountIsExact { get; init; }

    /// <summary>How the picture is to be turned and mirrored; null where the container cannot say, and the decoder's angle counts.</summary>
    public PictureOrientation? Orientation { get; init; }

    /// <summary>Colours as the container describes them; the coded stream itself may say otherwise.</summary>
    public ColourTags? Colours { get; init; }

    /// <summary>Pictures are woven from two fields.</summary>
    public bool Interlaced { get; init; }

    /// <summary>A transparency channel lies beside the pictures.</summary>
    public bool Alpha { get; init; }

    /// <summary>Where the names of boxes with cover art, or with a still picture as track, lie that come before the video, so that the decoder would take the picture for the video.</summary>
    public IReadOnlyList<long> CoverArtFirst { get; init; } = [];

    /// <summary>Whether the container says where it ends, so that a cut-off file is found out by its length.</summary>
    public bool DeclaresLength { get; init; }

    /// <summary>What is left out, in half sentences for people.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>Why no decoder can show this file as a video; null for nothing.</summary>
    public string? Problem { get; init; }
}

/// <summary>How colours are coded, in the numbers of ITU-T H.273; 2 is 'unspecified'.</summary>
/// <param name="Transfer">Transfer characteristics: 16 is PQ, 18 is HLG (both HDR).</param>
/// <param name="Matrix">Matrix coefficients: 1 is BT.709, 5 and 6 are BT.601, 9 is BT.2020.</param>
/// <param name="FullRange">Values from 0 to 255 instead of 16 to 235; null where the file does not say.</param>
internal readonly record struct ColourTags(int Transfer, int Matrix, bool? FullRange);
