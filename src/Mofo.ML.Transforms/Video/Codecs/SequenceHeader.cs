using Mofo.ML.Transforms.Video.Containers;

namespace Mofo.ML.Transforms.Video.Codecs;

/// <summary>What a coded stream says of the pictures that follow.</summary>
/// <param name="Width">Pixels of a coded picture.</param>
/// <param name="Height">Pixels of a coded picture.</param>
internal sealed record SequenceHeader(int Width, int Height)
{
    /// <summary>Null where the stream does not say; the container may.</summary>
    public ColourTags? Colours { get; init; }

    /// <summary>Bits of a brightness value; 8 where the reader does not look at it.</summary>
    public int Depth { get; init; } = 8;

    /// <summary>Whether pictures may consist of two fields of different moments.</summary>
    public bool Interlaced { get; init; }
}
