namespace Mofo.ML.Transforms.Video.Containers;

/// <summary>The containers that are given to the decoder; <see cref="Signatures"/> identifies them by their first bytes.</summary>
internal enum ContainerKind
{
    /// <summary>ISO base media: mp4, mov, m4v, 3gp.</summary>
    IsoMedia,

    /// <summary>Matroska and WebM.</summary>
    Matroska,

    Avi,
    Ogg,
    Flv,

    /// <summary>ASF: wmv, asf.</summary>
    Asf,

    /// <summary>MPEG transport stream: ts, mts, m2ts.</summary>
    TransportStream,

    /// <summary>MPEG program stream: mpg, vob.</summary>
    ProgramStream,

    /// <summary>Coded pictures without a container: H.264, HEVC, MPEG-1, 2 and 4, Motion JPEG, DV.</summary>
    ElementaryStream,

    Mxf,
    Gif,

    /// <summary>Animated PNG.</summary>
    Apng,

    /// <summary>YUV4MPEG2, uncompressed.</summary>
    Y4m,

    /// <summary>The simple container of the VP8 and VP9 tools.</summary>
    Ivf,

    RealMedia,
    Nut,
}
