using FsCheck.Xunit;
using Mofo.ML.Transforms.Video.Codecs;

namespace Mofo.ML.Transforms.Tests.Video;

/// <summary>Headers in coded streams: size, colours, fields. The H.264 and HEVC ones are those that x264 and x265 write.</summary>
public sealed class CodedHeaderTests
{
    [Theory]
    [InlineData("67F4001F9196805005BB016A04040280000003008000000A078C1950", 1280, 720, 1, false)] // 4:4:4, BT.709
    [InlineData("6764000BACD942C4793FFC10000BF440000003004000000F03C50A6580", 170, 128, 2, false)] // cropped to 170
    [InlineData("6742C00DDA0507EC0440000003004000000C83C50AA8", 320, 240, 2, false)]
    [InlineData("67640015ACD94288FDE022000003000200000300643E28532C", 160, 120, 2, true)]
    public void H264(string set, int width, int height, int matrix, bool interlaced)
    {
        var header = H264Sequence.Of([0, 0, 0, 1, .. Convert.FromHexString(set), 0, 0, 1, 0x68, 0xCE]);
        Check(header, width, height, matrix, interlaced);
        Assert.Null(H264Sequence.Of([0, 0, 1, 0x68, 0xCE, 0x06, 0x72, 0x00]));
        Assert.Null(H264Sequence.Of(Convert.FromHexString("0000001A" + set))); // a length in place of a start code
    }

    [Theory]
    [InlineData("42010101600000030090000003000003001EA014207965959A4932BC05A02000000300200000030321", 160, 120, 2)]
    [InlineData("42010101600000030090000003000003003CA00A080F165959A4932BC05A810100820000030002000003001410", 320, 240, 1)]
    public void Hevc(string set, int width, int height, int matrix)
    {
        Check(HevcSequence.Of([0, 0, 0, 1, .. Convert.FromHexString(set), 0, 0, 1, 0x44, 0x01]), width, height, matrix, false);
        Assert.Null(HevcSequence.Of([0, 0, 1, 0x44, 0x01, 0xC1, 0x72, 0xB4, 0x62, 0x40]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Mpeg2(bool progressive)
    {
        // 720x576; sequence extension; display extension with BT.709.
        byte[] packet =
        [
            0, 0, 1, 0xB3, 0x2D, 0x02, 0x40, 0x33, 0xFF, 0xFF, 0xE0, 0x18,
            0, 0, 1, 0xB5, 0x14, (byte)(0x82 | (progressive ? 8 : 0)), 0x00, 0x01, 0x00, 0x00,
            0, 0, 1, 0xB5, 0x23, 0x01, 0x01, 0x01, 0x0B, 0x42, 0x12, 0x00,
        ];
        Check(MpegSequence.Of(packet), 720, 576, 1, !progressive);
    }

    [Fact]
    public void Vp8_and_Vp9_key_frames()
    {
        Check(VpxFrame.Vp8([0x10, 0, 0, 0x9D, 0x01, 0x2A, 0x40, 0x01, 0xF0, 0x00]), 320, 240, null, false);
        Assert.Null(VpxFrame.Vp8([0x11, 0, 0, 0x9D, 0x01, 0x2A, 0x40, 0x01, 0xF0, 0x00]));

        // Frame marker 10, profile 0, key frame, shown; sync code; colour space 2 (BT.709), limited range; 319 and 239.
        var bits = "10" + "00" + "0" + "0" + "1" + "0" + Binary(0x498342, 24) + "010" + "0" + Binary(319, 16) + Binary(239, 16);
        Check(VpxFrame.Vp9(Bytes(bits)), 320, 240, 1, false);

        // A frame that depends on others has the size of one of them, or states its own.
        var inter = "10" + "00" + "0" + "1" + "1" + "0" + "00" + new string('0', 8 + 12);
        Assert.Null(VpxFrame.Vp9(Bytes(inter + "01" + new string('0', 80))));
        Check(VpxFrame.Vp9(Bytes(inter + "000" + Binary(159, 16) + Binary(119, 16))), 160, 120, null, false);
    }

    [Fact]
    public void Mpeg4_layers_and_JPEG_frames()
    {
        // Type 1, no version, square pixels, no control, rectangle; 25 ticks; 320x240, progressive.
        var layer = "0" + "00000001" + "0" + "0001" + "0" + "00" + "1" + Binary(25, 16) + "1" + "0" + "1" + Binary(320, 13) + "1" + Binary(240, 13) + "1" + "0" + "1";
        Check(MpegSequence.OfMpeg4([0, 0, 1, 0xB0, 1, 0, 0, 1, 0x20, .. Bytes(layer)]), 320, 240, null, false);
        Check(JpegFrame.Of([0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xC0, 0, 17, 8, 0, 240, 1, 64, 3, 1, 0x22, 0]), 320, 240, null, false);
    }

    /// <summary>As FFmpeg's encoders write them: source formats by number, sizes of their own.</summary>
    [Theory]
    [InlineData("0000800208041E73E80C0070", false, 176, 144)]
    [InlineData("000080021CE821001088E184801A02F3", false, 144, 96)]
    [InlineData("000084028000", true, 320, 240)]
    [InlineData("00008403119E72AA03002624", true, 160, 120)]
    [InlineData("0000840080C800960000", true, 400, 300)]
    [InlineData("00008404302831029E21", true, 96, 80)]
    public void H263_and_its_variant_in_flv(string picture, bool sorenson, int width, int height)
    {
        HeaderReader reader = sorenson ? H263Picture.OfSorenson : H263Picture.Of;
        Check(reader(Convert.FromHexString(picture)), width, height, null, false);
        Assert.Null(reader([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]));
    }

    [Fact]
    public void Frames_of_ProRes_DNxHD_and_PNG_state_their_size()
    {
        Check(IntraFrame.ProRes([0, 0, 9, 0, .. "icpf"u8, 0, 148, 0, 0, .. "apl0"u8, 7, 128, 4, 56, 0]), 1920, 1080, null, false);
        Check(IntraFrame.Dnxhd([0, 0, 2, 0x80, 1, .. new byte[19], 4, 56, 7, 128]), 1920, 1080, null, false);
        Check(IntraFrame.Picture([0x89, .. "PNG\r\n\u001A\n"u8, 0, 0, 0, 13, .. "IHDR"u8, 0, 0, 1, 64, 0, 0, 0, 240]), 320, 240, null, false);
        Assert.All((HeaderReader[])[IntraFrame.ProRes, IntraFrame.Dnxhd, IntraFrame.Picture], reader => Assert.Null(reader([1, 2, 3, 4, 5, 6, 7, 8])));
    }

    [Theory]
    [InlineData("676E000BA6CD942847E5C05B810100A0000003002000000641E28532C0", false, 10)]
    [InlineData("6764000BACD942C4793FFC10000BF440000003004000000F03C50A6580", false, 8)]
    [InlineData("42010102200000030090000003000003001EA0142079365959A4932BC05B810100820000030002000003003210", true, 10)]
    [InlineData("42010101600000030090000003000003001EA014207965959A4932BC05A02000000300200000030321", true, 8)]
    public void Depth_of_H264_and_Hevc(string set, bool hevc, int depth)
    {
        byte[] packet = [0, 0, 0, 1, .. Convert.FromHexString(set), 0, 0, 1, 0x44, 0x01];
        var header = hevc ? HevcSequence.Of(packet) : H264Sequence.Of(packet);
        Assert.Equal(depth, header?.Depth);
        Assert.Equal(depth == 10, header?.Colours?.FullRange == true);
    }

    [Fact]
    public void A_damaged_HEVC_set_that_asks_to_go_back_gives_its_size_without_colours()
    {
        // 160x120; 2^26 bits of order and 40 long-term references: their product is a negative 32-bit number.
        var bits = new string('0', 8) + new string('0', 40 + 2 + 54) + Exp(0) + Exp(1) + Exp(160) + Exp(120) + "0" + Exp(0) + Exp(0) + Exp(1 << 26) + "1" + new string('1', 3 + 6) + "0" + "00" + "0"
            + Exp(0) + "1" + Exp(40) + new string('1', 64);
        var set = new List<byte>();
        foreach (var value in Bytes(bits))
        {
            if (set.Count > 1 && set[^1] == 0 && set[^2] == 0 && value <= 3)
            {
                set.Add(3); // a start code is not allowed inside a unit
            }

            set.Add(value);
        }

        Check(HevcSequence.Of([0, 0, 0, 1, 0x42, 0x01, .. set]), 160, 120, null, false);
    }

    /// <summary>Whatever the bytes are, a reader gives a header or none.</summary>
    [Property(MaxTest = 500)]
    public void Any_bytes_do(byte[] bytes)
    {
        foreach (var reader in (HeaderReader[])[H264Sequence.Of, HevcSequence.Of, MpegSequence.Of, MpegSequence.OfMpeg4, VpxFrame.Vp8, VpxFrame.Vp9, JpegFrame.Of, H263Picture.Of, H263Picture.OfSorenson, IntraFrame.ProRes, IntraFrame.Dnxhd, IntraFrame.Picture])
        {
            foreach (var start in (byte[][])[[], [0, 0, 1, 0x67], [0, 0, 1, 0x42, 1], [0, 0, 1, 0xB3], [0, 0, 1, 0x20], [0x82, 0x49, 0x83, 0x42], [0xFF, 0xD8, 0xFF], [0, 0, 0x80, 2], [0, 0, 0x84], [0, 0, 9, 0, .. "icpf"u8]])
            {
                var header = reader([.. start, .. bytes]);
                Assert.True(header is null or { Width: > 0, Height: > 0 });
            }
        }
    }

    private static void Check(SequenceHeader? header, int width, int height, int? matrix, bool interlaced)
    {
        Assert.NotNull(header);
        Assert.Equal((width, height, interlaced), (header.Width, header.Height, header.Interlaced));
        Assert.Equal(matrix ?? 2, header.Colours?.Matrix ?? 2);
    }

    private static string Exp(int value) => new string('0', int.Log2(value + 1)) + Convert.ToString(value + 1, 2);

    private static string Binary(int value, int digits) => Convert.ToString(value, 2).PadLeft(digits, '0');

    private static byte[] Bytes(string bits) => [.. bits.PadRight((bits.Length + 7) / 8 * 8, '0').Chunk(8).Select(eight => Convert.ToByte(new string(eight), 2))];
}
