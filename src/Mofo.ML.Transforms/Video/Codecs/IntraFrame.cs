using System.Buffers.Binary;

namespace Mofo.ML.Transforms.Video.Codecs;

/// <summary>Codecs whose frames each have a header with their size.</summary>
internal static class IntraFrame
{
    /// <summary>ProRes (SMPTE RDD 36, 5.1): the size of the frame, 'icpf', then the frame header. Null for anything else.</summary>
    public static SequenceHeader? ProRes(ReadOnlySpan<byte> packet) =>
        packet.Length >= 20 && packet[4..].StartsWith("icpf"u8) ? Sized(BinaryPrimitives.ReadUInt16BigEndian(packet[16..]), BinaryPrimitives.ReadUInt16BigEndian(packet[18..])) : null;

    /// <summary>DNxHD and DNxHR (SMPTE ST 2019-1, 7.1): the header begins with zeros and its length. Null for anything else.</summary>
    public static SequenceHeader? Dnxhd(ReadOnlySpan<byte> packet) =>
        packet.Length >= 28 && packet[0] == 0 && packet[1] == 0 ? Sized(BinaryPrimitives.ReadUInt16BigEndian(packet[26..]), BinaryPrimitives.ReadUInt16BigEndian(packet[24..])) : null;

    /// <summary>A whole picture file as packet, as PNG is kept in avi and mov.</summary>
    public static SequenceHeader? Picture(ReadOnlySpan<byte> packet) =>
        PictureSize.Of(packet) is { Width: > 0 and <= int.MaxValue, Height: > 0 and <= int.MaxValue } size ? new SequenceHeader((int)size.Width, (int)size.Height) : null;

    private static SequenceHeader? Sized(int width, int height) => width > 0 && height > 0 ? new SequenceHeader(width, height) : null;
}
