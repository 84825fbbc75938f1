using System.Text;
using Mofo.ML.Transforms.Video;
using Mofo.ML.Transforms.Video.Codecs;

namespace Mofo.ML.Reliability.Fuzzing.Parsers;

/// <summary>Headers of coded pictures and the sizes of picture files: what is read bit by bit out of what the decoder will get. They document no exception at all.</summary>
/// <param name="samples">Real packets and pictures beside the synthetic ones.</param>
internal sealed class HeaderParser(IEnumerable<byte[]> samples) : Parser
{
    private static readonly HeaderReader[] Readers = [.. new[] { "h264", "hevc", "VP80", "VP90", "mpg1", "mpg2", "FMP4", "MJPG" }.Select(code => VideoCodec.Of(code).ReadHeader!)];

    public override string Name => "header";

    public override IReadOnlyList<byte[]> Seeds { get; } =
    [
        [0, 0, 0, 1, 0x67, 0x42, 0xC0, 0x1E, 0xDA, 0x02, 0x80, 0xBF, 0xE5, 0xC0, 0x44, 0, 0, 3, 0, 4, 0, 0, 3, 0, 0xC8, 0x3C, 0x58, 0xBA, 0x80, 0, 0, 0, 1, 0x68, 0xCE, 0x3C, 0x80],
        [0, 0, 0, 1, 0x67, 0x64, 0, 0x0A, 0xAC, 0xD9, 0x5E, 0x89, 0xA8, 0x08, 0x08, 0x0A, 0, 0, 3, 0, 2, 0, 0, 3, 0, 0x64, 0x1E, 0x24, 0x4C, 0xB0],
        [0, 0, 0, 1, 0x42, 1, 1, 1, 0x60, 0, 0, 3, 0, 0x90, 0, 0, 3, 0, 0, 3, 0, 0x3C, 0xA0, 0x0A, 0x08, 0x0F, 0x16, 0x59, 0x59, 0xA4, 0x93, 0x2B, 0xC0, 0x40, 0x40, 0, 0, 3, 0, 0x40],
        [0x10, 0x02, 0, 0x9D, 0x01, 0x2A, 0x40, 0, 0x30, 0, 0, 0x47, 0x08, 0x85], [0x82, 0x49, 0x83, 0x42, 0, 0x03, 0xF0, 0x02, 0xF6, 0, 0x38], [0x86, 0, 0x40, 0x92, 0x9C, 0, 0x49, 0x70],
        [0, 0, 1, 0xB3, 0x04, 0x00, 0x30, 0x13, 0xFF, 0xFF, 0xE0, 0, 0, 0, 1, 0xB5, 0x14, 0x8A, 0, 1, 0, 0, 0, 0, 1, 0xB8], [0, 0, 1, 0xB0, 1, 0, 0, 1, 0, 0, 0, 1, 0x20, 0, 0xC4, 0x8D, 0x88, 0, 0xCD, 0x02, 0x04, 0x01, 0x14, 0x63],
        [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 0, 0, 0xFF, 0xC0, 0, 11, 8, 0, 48, 0, 64, 1, 1, 0x11, 0, 0xFF, 0xDA], [0x89, .. "PNG\r\n\u001a\n"u8, 0, 0, 0, 13, .. "IHDR"u8, 0, 0, 0, 64, 0, 0, 0, 48, 8, 2, 0, 0, 0],
        [.. "BM"u8, .. new byte[12], 40, 0, 0, 0, 64, 0, 0, 0, 48, 0, 0, 0, 1, 0, 24, 0], [.. "II*\0"u8, 8, 0, 0, 0, 2, 0, 0, 1, 3, 0, 1, 0, 0, 0, 64, 0, 0, 0, 1, 1, 4, 0, 1, 0, 0, 0, 48, 0, 0, 0, 0, 0, 0, 0],
        [.. "MM\0*"u8, 0, 0, 0, 8, 0, 2, 1, 0, 0, 3, 0, 0, 0, 1, 0, 64, 0, 0, 1, 1, 0, 4, 0, 0, 0, 1, 0, 0, 0, 48], [.. "RIFF"u8, 0, 0, 0, 0, .. "WEBPVP8X"u8, 10, 0, 0, 0, 0, 0, 0, 0, 63, 0, 0, 47, 0, 0],
        [.. "RIFF"u8, 0, 0, 0, 0, .. "WEBPVP8 "u8, 0, 0, 0, 0, 0x10, 0, 0, 0x9D, 1, 0x2A, 64, 0, 48, 0], [.. Encoding.ASCII.GetBytes("P6\n# x\n64 48\n255\n")], .. samples,
    ];

    public override IReadOnlyList<Mutation> Mutations => [];

    public override void Read(byte[] input)
    {
        foreach (var reader in Readers)
        {
            _ = reader(input);
        }

        _ = PictureSize.Of(input);
    }

    public override bool Documents(Exception error) => false;
}
