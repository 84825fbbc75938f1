using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Mofo.ML.Transforms.Tests.Video;
using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms.Tests;

public sealed class TemporaryVideoTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MotionDetectionOptions _options = new() { Flow = OpticalFlowAlgorithm.Farneback, FlowShortSide = 48 };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Streams_bytes_and_images_have_the_boxes_of_the_file()
    {
        var path = RenderedVideo.Write(_folder.File("clip.mkv"), 24, 128, 96); // lossless
        var detector = new MotionDetector(_options);
        var expected = detector.Detect(path);
        using var stream = File.OpenRead(path);
        Assert.Equal(expected.PerFrame, detector.Detect(stream).PerFrame);
        Assert.Equal(expected.PerFrame, detector.Detect(File.ReadAllBytes(path)).PerFrame);
        var images = Images(path);
        Assert.Equal(expected.PerFrame, detector.Detect(images).PerFrame);
        images.ForEach(image => image.Dispose());
    }

    [Theory]
    [InlineData(MLPixelFormat.Bgra32)]
    [InlineData(MLPixelFormat.Rgba32)]
    public void Images_keep_every_bit_and_their_order(MLPixelFormat format)
    {
        var pixels = new byte[5 * 3 * 4];
        new Random(1).NextBytes(pixels);
        using var image = MLImage.CreateFromPixels(5, 3, format, pixels);
        using var blank = MLImage.CreateFromPixels(5, 3, format, new byte[pixels.Length]);
        using var video = TemporaryVideo.FromImages([.. Enumerable.Repeat(blank, 11), image]);
        using var reader = FrameReader.Open(video.Path);
        Assert.Equal(12, reader.CountFrames());
        var frame = reader.ReadAt([11], frame => frame)[0];
        var (red, blue) = format == MLPixelFormat.Bgra32 ? (2, 0) : (0, 2);
        Assert.Equal(Enumerable.Range(0, 15).SelectMany(i => new[] { pixels[(4 * i) + red], pixels[(4 * i) + 1], pixels[(4 * i) + blue] }), frame.Pixels);
    }

    [Fact]
    public void The_file_is_private_and_gone_afterwards()
    {
        string path;
        using (var video = TemporaryVideo.FromBytes([1, 2, 3]))
        {
            path = video.Path;
            Assert.Equal(3, new FileInfo(path).Length);
            if (!OperatingSystem.IsWindows())
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(path)!));
            }
        }

        Assert.False(Directory.Exists(Path.GetDirectoryName(path)));
        using var failing = new MemoryStream();
        failing.Dispose();
        Assert.Throws<ObjectDisposedException>(() => TemporaryVideo.FromStream(failing));
    }

    [Fact]
    public async Task A_missing_folder_for_temporary_files_is_an_IOException_and_the_process_goes_on()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "TMPDIR names the folder on Unix only.");
        var start = VideoUserProgram.With("missing-folder");
        start.Environment["TMPDIR"] = _folder.File("missing");
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, await errors);
        Assert.Equal(["refused", "finalized"], (await output).Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void Frames_that_are_no_video_are_named()
    {
        Assert.Contains("There is no frame", Assert.Throws<ArgumentException>(() => TemporaryVideo.FromImages([])).Message);
        using var small = MLImage.CreateFromPixels(2, 2, MLPixelFormat.Bgra32, new byte[16]);
        using var large = MLImage.CreateFromPixels(4, 1, MLPixelFormat.Bgra32, new byte[16]);
        Assert.Contains("Frame 1 is 4x1, the first one 2x2", Assert.Throws<ArgumentException>(() => TemporaryVideo.FromImages([small, large])).Message);
        Assert.Throws<VideoException>(() => new MotionDetector().Detect("no video"u8.ToArray()));
        Assert.Throws<VideoException>(() => new MotionDetector().Detect(Array.Empty<byte>()));
    }

    [Fact]
    public void A_column_of_bytes_is_read_like_a_column_of_paths()
    {
        var path = RenderedVideo.Write(_folder.File("clip.mp4"), 24, 128, 96);
        var ml = new MLContext();
        var bytes = ml.Data.LoadFromEnumerable(new[] { new BytesRow(File.ReadAllBytes(path)), new BytesRow(File.ReadAllBytes(path)) });
        var expected = new MotionDetector(_options).Detect(path).ToValues(BoxMode.Union);
        var stage = ml.Transforms.DetectMotion(inputColumnName: "Video", options: _options);
        var boxes = ml.Data.CreateEnumerable<BoxesRow>(stage.Fit(bytes).Transform(bytes), reuseRowObject: false).ToList();
        Assert.Equal(2, boxes.Count);
        Assert.All(boxes, row => Assert.Equal(expected, row.MotionBoxes));

        using var engine = ml.Model.CreatePredictionEngine<BytesRow, BoxesRow>(stage.Fit(bytes));
        Assert.Equal(expected, engine.Predict(new BytesRow(File.ReadAllBytes(path))).MotionBoxes);
    }

    [Fact]
    public void Segments_of_one_file_in_two_columns_have_boxes_of_their_own()
    {
        var path = RenderedVideo.Write(_folder.File("clip.mp4"), 48, 128, 96);
        var ml = new MLContext();
        var view = ml.Data.LoadFromEnumerable(new[] { new SegmentRow(path, 0, 0.4), new SegmentRow(path, 0.4, 1.2), new SegmentRow(path, double.NaN, double.NaN) });
        var scored = ml.Transforms.DetectMotion(options: _options).Fit(view).Transform(view);
        Assert.Equal([10, 20, 48], ml.Data.CreateEnumerable<BoxesRow>(scored, reuseRowObject: false).Select(row => row.MotionBoxes.Length / 4));
    }

    private static List<MLImage> Images(string path)
    {
        using var reader = FrameReader.Open(path);
        var images = new List<MLImage>();
        while (reader.TryRead(out var frame))
        {
            var pixels = new byte[frame.Width * frame.Height * 4];
            for (var i = 0; i < frame.Width * frame.Height; i++)
            {
                frame.Pixels.AsSpan(3 * i, 3).CopyTo(pixels.AsSpan(4 * i));
            }

            images.Add(MLImage.CreateFromPixels(frame.Width, frame.Height, MLPixelFormat.Rgba32, pixels));
        }

        return images;
    }

    private sealed class BytesRow(byte[] video)
    {
        public BytesRow()
            : this([])
        {
        }

        public byte[] Video { get; set; } = video;
    }

    private sealed record SegmentRow(string VideoPath, double SegmentStart, double SegmentEnd);

    private sealed class BoxesRow
    {
        public float[] MotionBoxes { get; set; } = [];
    }
}
