using System.Buffers.Binary;
using Mofo.ML.Transforms.Clips;
using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms.Tests.Video;

/// <summary>Clips spread over the frames that are there, whatever a container declares.</summary>
public sealed class FrameCountTests : IDisposable
{
    private const int Length = 16;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(40)]
    [InlineData(1000)]
    [InlineData(9)]
    public void Of_an_avi_that_declares_other_frames(int declared)
    {
        var path = RenderedVideo.Write(_folder.File("clip.avi"), Length);
        var file = File.ReadAllBytes(path);
        foreach (var (box, offset) in (ReadOnlySpan<(string, int)>)[("avih", 24), ("strh", 40)])
        {
            BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(file.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(box)) + offset), declared);
        }

        File.WriteAllBytes(path, file);
        if (declared > 2 * Length)
        {
            // A header that promises twice as many frames as there are is damage.
            Assert.Contains("damaged: decoding ended after 16 of", Assert.Throws<VideoException>(() => Distinct(path)).Message);
            return;
        }

        Check(path);
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(1)]
    [InlineData(6)]
    public void Of_a_Matroska_file_that_declares_another_duration(double factor)
    {
        var path = RenderedVideo.Write(_folder.File("clip.mkv"), Length);
        var file = File.ReadAllBytes(path);
        var duration = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x44, 0x89, 0x88]) + 3;
        BinaryPrimitives.WriteDoubleBigEndian(file.AsSpan(duration), factor * BinaryPrimitives.ReadDoubleBigEndian(file.AsSpan(duration)));
        File.WriteAllBytes(path, file);
        Check(path);
        using var reader = FrameReader.Open(path);
        Assert.Equal(factor == 1, reader.DeclaredFrameCount == Length);
    }

    [Theory]
    [InlineData("loose/derived/wave_xvid_dropframes.avi", 49)]
    [InlineData("loose/balle1-vp9.avi", 295)]
    [InlineData("loose/flipping_a_pancake.mkv", 310)]
    public void Of_real_files_that_declare_too_many(string name, int frames)
    {
        using var reader = FrameReader.Open(Mofo.ML.Tests.Shared.RealVideos.PathOf(name));
        Assert.True(reader.DeclaredFrameCount > frames);
        Assert.Equal(frames, reader.CountFrames());
    }

    /// <summary>A cache that trusted a declared number that is too small would take memory without end.</summary>
    [Fact]
    public void Frames_beyond_the_declared_ones_take_no_more_memory_than_allowed()
    {
        var path = RenderedVideo.Write(_folder.File("clip.mkv"), Length);
        var file = File.ReadAllBytes(path);
        var duration = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x44, 0x89, 0x88]) + 3;
        BinaryPrimitives.WriteDoubleBigEndian(file.AsSpan(duration), 40);
        File.WriteAllBytes(path, file);
        var memory = new MemoryClipCache(new FrameReduction(48), 5L * 64 * 48 * 3);
        for (var time = 0; time < 2; time++)
        {
            using var clip = memory.Read(new ClipSource(path, default), count => FrameSampling.UniformViews(count, Length, 1)[0]);
            Assert.Equal(Length, Enumerable.Range(0, Length).Select(i => Convert.ToHexString(clip.Frame(i))).Distinct().Count());
        }
    }

    [Fact]
    public void A_file_that_changed_is_counted_again()
    {
        foreach (var frames in (int[])[5, 9, 7])
        {
            using var reader = FrameReader.Open(RenderedVideo.Write(_folder.File("clip.avi"), frames));
            Assert.Equal(frames, reader.CountFrames());
            Assert.Equal(frames, reader.CountFrames());
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void Views_for_scoring_are_the_crops_of_whole_frames(int boxValues)
    {
        var path = RenderedVideo.Write(_folder.File("clip.avi"), Length, 96, 64);
        var views = new Mofo.ML.Transforms.Scoring.ScoringViews(4, 24, ClipSampling.Uniform, 1, 2, 3);
        var source = new ClipSource(path, new float[] { 10, 8, 70, 50 }.AsMemory(0, boxValues));
        var clips = new ClipReader().ReadViews(source, frames => FrameSampling.UniformViews(frames, 4, 2));
        var expected = clips.SelectMany(clip => SpatialViews.TestCrops(96, 64, 3).Select(window => FrameResampling.CropResizeCopy(clip, window, 24, 24))).ToList();
        var loaded = views.Load(source);
        Assert.Equal(expected.Count, loaded.Length);
        for (var i = 0; i < loaded.Length; i++)
        {
            using var pixels = new PixelBuffer(expected[i]);
            Assert.Equal(pixels.Values.ToArray(), loaded[i].Values.ToArray());
            var boxes = new float[4 * 4];
            loaded[i].WriteBoxes(boxes);
            Assert.Equal(expected[i].Boxes.SelectMany(box => (float[])[box.X1, box.Y1, box.X2, box.Y2]), boxes);
        }
    }

    private static void Check(string path)
    {
        Assert.Equal(Length, Distinct(path));
        using var reader = FrameReader.Open(path);
        Assert.Equal(Length, reader.CountFrames());
    }

    /// <summary>Different pictures in a clip that is as long as the video.</summary>
    private static int Distinct(string path)
    {
        using var clip = new ClipReader().Read(new ClipSource(path, default), count => FrameSampling.UniformViews(count, Length, 1)[0]);
        return Enumerable.Range(0, Length).Select(i => Convert.ToHexString(clip.Frame(i))).Distinct().Count();
    }
}
