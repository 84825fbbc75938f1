using ActionRecognition.Rendering;
using OpenCvSharp;

namespace Mofo.ML.EndToEnd.Tests.ActionRecognition;

public sealed class RenderedDataSetTests : IDisposable
{
    private static readonly DataSetOptions Small = new() { Frames = 8, TrainClipsPerClass = 4, TestClipsPerClass = 1 };

    private readonly string _folder = Directory.CreateTempSubdirectory("mofo-rendered-").FullName;

    [Fact]
    public void Every_listed_clip_decodes_to_the_frames_that_were_filmed_and_has_a_true_box_for_each()
    {
        RenderedDataSet.Ensure(_folder, Small);

        var classes = File.ReadAllLines(Path.Combine(_folder, "classes.txt"));
        var truth = TruthFile.Find(_folder)!;
        string[] lines = [.. File.ReadAllLines(Path.Combine(_folder, "train.csv")), .. File.ReadAllLines(Path.Combine(_folder, "test.csv"))];
        Assert.Equal(classes.Length * 5, lines.Length);
        Assert.Contains(lines, line => line.Contains(".avi ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains(".mp4 ", StringComparison.Ordinal));
        foreach (var (path, label) in lines.Select(line => line.Split(' ')).Select(parts => (parts[0], int.Parse(parts[1]))))
        {
            Assert.StartsWith(classes[label], Path.GetFileName(path), StringComparison.Ordinal);
            Assert.Equal(Small.Frames, truth[path].Length);
            Assert.All(truth[path], box => Assert.True(box is [>= 0, >= 0, <= 160, <= 120] && box[0] < box[2] && box[1] < box[3]));
            using var video = new VideoCapture(Path.Combine(_folder, path));
            using var frame = new Mat();
            var frames = 0;
            for (; video.Read(frame); frames++)
            {
                Assert.Equal(new Size(Small.Width, Small.Height), frame.Size());
            }

            Assert.Equal(Small.Frames, frames);
        }
    }

    [Fact]
    public void A_whole_rendering_is_used_again_and_a_half_done_or_other_one_is_replaced()
    {
        var options = Small with { TrainClipsPerClass = 1 };
        Assert.True(RenderedDataSet.Ensure(_folder, options));
        var clip = Path.Combine(_folder, "train", "moved_left_000.mp4");
        var first = File.ReadAllBytes(clip);
        Assert.False(RenderedDataSet.Ensure(_folder, options));

        File.Delete(Path.Combine(_folder, "manifest.json"));
        File.WriteAllBytes(clip, [1, 2, 3]);
        Assert.True(RenderedDataSet.Ensure(_folder, options));
        Assert.Equal(first, File.ReadAllBytes(clip));

        Assert.True(RenderedDataSet.Ensure(_folder, options with { Seed = 2 }));
        Assert.NotEqual(first, File.ReadAllBytes(clip));
    }

    [Fact]
    public void Progress_ends_at_the_number_of_clips()
    {
        var reports = new Reports();
        RenderedDataSet.Ensure(_folder, Small with { TrainClipsPerClass = 1 }, reports);

        Assert.Equal(18, reports.Seen.Count);
        Assert.Equal((18, 18), reports.Seen.Max());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private sealed class Reports : IProgress<(int Done, int Total)>
    {
        public List<(int Done, int Total)> Seen { get; } = [];

        public void Report((int Done, int Total) value)
        {
            lock (Seen)
            {
                Seen.Add(value);
            }
        }
    }
}
