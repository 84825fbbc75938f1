using Mofo.ML.Transforms.Video;
using Mofo.ML.Transforms.Video.Codecs;
using Mofo.ML.Transforms.Video.Containers;
using OpenCvSharp;

namespace Mofo.ML.Transforms.Tests.Video;

/// <summary>Colours come out as they were before they were coded, whatever matrix a file declares.</summary>
public sealed class ColourTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // Numbers of H.273 and the shares of red and blue in the brightness.
    [Theory]
    [InlineData(1, 0.2126, 0.0722)]
    [InlineData(4, 0.30, 0.11)]
    [InlineData(5, 0.299, 0.114)]
    [InlineData(6, 0.299, 0.114)]
    [InlineData(7, 0.212, 0.087)]
    [InlineData(9, 0.2627, 0.0593)]
    [InlineData(2, 0.299, 0.114)]
    public void The_declared_matrix_is_used(int matrix, double red, double blue)
    {
        foreach (var (r, g, b) in new[] { (32, 192, 64), (200, 40, 60), (60, 80, 200), (128, 128, 128), (250, 250, 250), (90, 140, 70) })
        {
            // What OpenCV, which always takes BT.601, writes for a colour whose coded values mean (r, g, b) by the declared matrix.
            var y = (red * r) + ((1 - red - blue) * g) + (blue * b);
            var (cb, cr) = ((b - y) / (2 * (1 - blue)), (r - y) / (2 * (1 - red)));
            var (r601, b601) = (y + (1.402 * cr), y + (1.772 * cb));
            var g601 = (y - (0.299 * r601) - (0.114 * b601)) / 0.587;
            if (new[] { r601, g601, b601 }.Any(value => value is < 0 or > 255))
            {
                continue; // cut off by BT.601, see ColourConversion
            }

            using var colours = new ColourConversion(matrix);
            AssertColour((r, g, b), colours, (b601, g601, r601));
        }
    }

    /// <summary>FFV1 and others may hold RGB, which no matrix applies to: their tags are not followed, and a warning says so.</summary>
    [Theory]
    [InlineData("ffv1", 1, null, true)]
    [InlineData("HFYU", 9, null, true)]
    [InlineData("ffv1", 6, true, true)]
    [InlineData("ffv1", 6, null, false)]
    [InlineData("ffv1", 2, true, false)]
    [InlineData("ffv1", 0, true, false)]
    [InlineData("h264", 1, null, false)]
    [InlineData("MJPG", 1, true, false)]
    public void Tags_that_are_not_followed_are_mentioned(string codec, int matrix, bool? full, bool mentioned)
    {
        var remarks = VideoRemarks.Of(new ContainerFacts(ContainerKind.Matroska), null, new ColourTags(1, matrix, full), VideoCodec.Of(codec));
        Assert.Equal(mentioned, remarks.Any(remark => remark.Contains($"what videos of the codec '{codec}' are read as", StringComparison.Ordinal)));
    }

    /// <summary>Where OpenCV does not know of the full range, it stretches 16 to 235 over 0 to 255.</summary>
    [Theory]
    [InlineData(1, 0.2126, 0.0722)]
    [InlineData(6, 0.299, 0.114)]
    [InlineData(2, 0.299, 0.114)]
    public void A_full_range_that_OpenCV_misses_is_computed_back(int matrix, double red, double blue)
    {
        foreach (var (r, g, b) in new[] { (32, 192, 64), (180, 60, 70), (60, 80, 150), (128, 128, 128), (20, 20, 20), (230, 230, 230) })
        {
            var y = (red * r) + ((1 - red - blue) * g) + (blue * b);
            var (cb, cr) = ((b - y) / (2 * (1 - blue)) * 255 / 224, (r - y) / (2 * (1 - red)) * 255 / 224);
            var luma = (y - 16) * 255 / 219;
            var (r601, b601) = (luma + (1.402 * cr), luma + (1.772 * cb));
            var g601 = (luma - (0.299 * r601) - (0.114 * b601)) / 0.587;
            if (new[] { r601, g601, b601 }.Any(value => value is < 0 or > 255))
            {
                continue; // cut off
            }

            using var colours = new ColourConversion(matrix, fullRangeMissed: true);
            AssertColour((r, g, b), colours, (b601, g601, r601));
        }
    }

    /// <summary>Two pictures of 16x16 of RGB (32, 192, 64), VP9 with BT.709 and full range, as libvpx codes them.</summary>
    [Fact]
    public void A_VP9_file_of_full_range_has_its_colours()
    {
        File.WriteAllBytes(_folder.File("full.ivf"), Convert.FromHexString(
            "444B494600002000565039301000100019000000010000000200000000000000280000000000000000000000824983425000F000F60038241C184200003060000010BFFFE4DC3FFFFFFFA0CAFFFFFFFF4516D6000F00"
            + "00000100000000000000860040929C00494000032000004240"));
        using var reader = FrameReader.Open(_folder.File("full.ivf"));
        Assert.True(reader.TryRead(out var frame));
        foreach (var (value, expected) in frame.Pixels.Take(3).Zip((int[])[32, 192, 64]))
        {
            Assert.InRange(value, expected - 3, expected + 3);
        }
    }

    [Theory]
    [InlineData("nclx", 1)]
    [InlineData("nclc", 1)]
    [InlineData("nclx", 9)]
    [InlineData("nclx", 6)]
    [InlineData("prof", 1)]
    public void The_colour_box_of_a_container_is_read(string kind, int matrix)
    {
        var plain = File.ReadAllBytes(RenderedVideo.Write(_folder.File("plain.mp4"), 2));
        byte[] numbers = [0, 1, 0, 1, 0, (byte)matrix, 0];
        var tagged = _folder.File("tagged.mp4");
        File.WriteAllBytes(tagged, Mp4Boxes.WithSampleEntryPart(plain, Mp4Boxes.Box("colr", [.. System.Text.Encoding.ASCII.GetBytes(kind), .. numbers])));
        var (before, after) = (First(_folder.File("plain.mp4")), First(tagged));
        using var colours = new ColourConversion(kind == "prof" ? 2 : matrix);
        using var bgr = Mat.FromPixelData(48, 64, MatType.CV_8UC3, before);
        using var swapped = bgr.CvtColor(ColorConversionCodes.RGB2BGR);
        using var rgb = new Mat(48, 64, MatType.CV_8UC3);
        colours.Convert(swapped, rgb);
        Assert.True(rgb.GetArray(out Vec3b[] expected));
        Assert.Equal(expected.SelectMany(pixel => (byte[])[pixel.Item0, pixel.Item1, pixel.Item2]), after);
        Assert.Equal(kind == "prof" || matrix == 6, before.AsSpan().SequenceEqual(after));
    }

    [Fact]
    public void An_unknown_matrix_and_HDR_are_said_once()
    {
        var plain = File.ReadAllBytes(RenderedVideo.Write(_folder.File("plain.mp4"), 2));
        var path = _folder.File("odd.mp4");
        File.WriteAllBytes(path, Mp4Boxes.WithSampleEntryPart(plain, Mp4Boxes.Box("colr", [.. "nclx"u8, 0, 9, 0, 16, 0, 14, 0])));
        var warnings = new List<string>();
        var reading = new VideoReading(warning: warnings.Add);
        for (var time = 0; time < 3; time++)
        {
            FrameReader.Open(path, reading).Dispose();
        }

        var warning = Assert.Single(warnings);
        Assert.StartsWith($"File '{path}': ", warning);
        Assert.Contains("it is HDR (PQ)", warning);
        Assert.Contains("coded with matrix 14 (H.273), which is read as BT.601", warning);
    }

    [Fact]
    public void Interlaced_pictures_are_said()
    {
        var plain = File.ReadAllBytes(RenderedVideo.Write(_folder.File("plain.mp4"), 2));
        var path = _folder.File("fields.mp4");
        File.WriteAllBytes(path, Mp4Boxes.WithSampleEntryPart(plain, Mp4Boxes.Box("fiel", [2, 9])));
        using var reader = FrameReader.Open(path);
        Assert.Contains("it may be interlaced", Assert.Single(reader.Facts.Remarks));

        var warnings = new List<string>();
        var detector = new MotionDetector(new() { Flow = OpticalFlowAlgorithm.Farneback, FlowShortSide = 48, Warning = warnings.Add });
        for (var time = 0; time < 2; time++)
        {
            _ = detector.Detect(path);
        }

        Assert.Contains("it may be interlaced", Assert.Single(warnings));
    }

    private static byte[] First(string path)
    {
        using var reader = FrameReader.Open(path);
        return reader.ReadAt([0], frame => frame)[0].Pixels;
    }

    /// <summary>A picture of one colour is converted to another, to two levels.</summary>
    private static void AssertColour((int Red, int Green, int Blue) expected, ColourConversion colours, (double Blue, double Green, double Red) given)
    {
        using var bgr = new Mat(2, 2, MatType.CV_8UC3, new Scalar(given.Blue, given.Green, given.Red));
        using var rgb = new Mat(2, 2, MatType.CV_8UC3);
        colours.Convert(bgr, rgb);
        var pixel = rgb.At<Vec3b>(1, 1);
        Assert.InRange(pixel.Item0 - expected.Red, -2, 2);
        Assert.InRange(pixel.Item1 - expected.Green, -2, 2);
        Assert.InRange(pixel.Item2 - expected.Blue, -2, 2);
    }
}
