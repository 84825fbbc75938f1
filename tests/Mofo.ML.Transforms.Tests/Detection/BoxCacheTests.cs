using System.Globalization;
using Mofo.ML.Tests.Shared;
using Mofo.ML.Tests.Synthetic;
using Mofo.ML.Transforms.Detection;

namespace Mofo.ML.Transforms.Tests.Detection;

public sealed class BoxCacheTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _warnings = [];
    private readonly List<MotionDetectionProgress> _progress = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_second_run_takes_the_boxes_from_the_cache()
    {
        var path = Clip("a.avi", seed: 3);
        var first = Detect(path);
        Assert.DoesNotContain(_progress, p => p.FromCache);
        var second = Detect(path);
        Assert.True(_progress[^1].FromCache);
        Assert.Equal(first.PerFrame, second.PerFrame);
        Assert.Equal((first.Union, first.MotionStrength, first.MotionFound), (second.Union, second.MotionStrength, second.MotionFound));
    }

    [Fact]
    public void Content_and_options_make_the_key_and_the_file_name_does_not()
    {
        var path = Clip("a.avi", seed: 3);
        _ = Detect(path);
        File.Copy(path, _folder.PathOf("b.avi"));
        _ = Detect(_folder.PathOf("b.avi"));
        Assert.True(_progress[^1].FromCache);
        _ = Detect(path, new MotionDetectionOptions { Window = 4 });
        Assert.False(_progress[^1].FromCache);
        _ = Detect(path, new MotionDetectionOptions { BoxMode = BoxMode.PerFrame }); // the same boxes, handed on differently
        Assert.True(_progress[^1].FromCache);
        _ = Detect(Clip("a.avi", seed: 4)); // other content under the same name
        Assert.False(_progress[^1].FromCache);
    }

    [Fact]
    public void The_culture_of_the_program_is_not_part_of_the_key()
    {
        var path = Clip("a.avi", seed: 3);
        MotionDetectionOptions[] options = [new(), new() { Flow = OpticalFlowAlgorithm.TvL1, TvL1 = new() { Lambda = 0.3 } }];
        var keys = options.Select(Key).ToList();
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        Assert.Equal(keys, options.Select(Key));
        CultureInfo.CurrentCulture = TestCulture.Comma;
        Assert.Equal(keys, options.Select(Key));

        string Key(MotionDetectionOptions chosen) => new DiskBoxCache(_folder.PathOf("cache"), chosen).KeyOf(path, () => { });
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("cut")]
    [InlineData("number")]
    public void A_damaged_entry_is_reported_and_computed_again(string damage)
    {
        var path = Clip("a.avi", seed: 3);
        var first = Detect(path);
        var entry = Directory.GetFiles(_folder.PathOf("cache"), "*.boxes", SearchOption.AllDirectories).Single();
        var text = File.ReadAllText(entry);
        using (var writer = File.CreateText(entry))
        {
            writer.Write(damage switch { "cut" => text[..(text.Length / 2)], "number" => text.Replace("\"Width\":96", "\"Width\":97"), _ => damage });
        }

        Assert.Equal(first.PerFrame, Detect(path).PerFrame);
        Assert.False(_progress[^1].FromCache);
        Assert.Contains(entry, Assert.Single(_warnings));
        _ = Detect(path);
        Assert.True(_progress[^1].FromCache); // it was written again
    }

    private string Clip(string name, int seed) =>
        ClipFile.Write(SyntheticClip.Render(CameraMotion.Still, 1, seed, frames: 6, width: 96, height: 64).Frames, _folder.PathOf(name));

    private BoxTrack Detect(string path, MotionDetectionOptions? options = null)
    {
        options ??= new MotionDetectionOptions();
        options.CacheFolder = _folder.PathOf("cache");
        options.Warning = _warnings.Add;
        options.Progress = new ImmediateProgress<MotionDetectionProgress>(_progress.Add);
        return new MotionDetector(options).Detect(path);
    }
}
