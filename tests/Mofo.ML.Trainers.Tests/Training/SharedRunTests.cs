using System.Collections.Immutable;
using Mofo.ML.Trainers.Training.Feed;
using Mofo.ML.Trainers.Training.Loop;
using Mofo.ML.Trainers.Training.World;
using Mofo.ML.Transforms.Clips;

namespace Mofo.ML.Trainers.Tests.Training;

/// <summary>What processes compare before they train together.</summary>
public sealed class SharedRunTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mofo-shared-run-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Of_a_link_the_length_of_its_target_counts()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows lets few users make links.");
        var (video, link) = (Path.Combine(_folder.FullName, "video.avi"), Path.Combine(_folder.FullName, "link.avi"));
        File.WriteAllBytes(video, [1, 2, 3]);
        _ = File.CreateSymbolicLink(link, video);
        var ofLink = Compared(link);
        Assert.Equal(Compared(video), ofLink);
        File.WriteAllBytes(video, [1, 2, 3, 4]);
        Assert.NotEqual(ofLink, Compared(link));
    }

    /// <summary>What a process tells the others of a row.</summary>
    private static string Compared(string path)
    {
        var world = new Recording();
        var rows = Enumerable.Range(0, 8).Select(i => new TrainingRow(new ClipSource(path, default, i), 0)).ToList();
        SharedRun.RequireSame(world, new TrainingPlan(rows.Count, new MofoPretrainingOptions { BatchSize = 8, Epochs = 1 }, usualWarmup: 0), ImmutableSortedDictionary<string, string>.Empty, rows);
        return Assert.Single(world.Told);
    }

    private sealed class Recording : TwoRanks
    {
        public List<string> Told { get; } = [];

        internal override IReadOnlyList<string> Gather(string text)
        {
            if (text.StartsWith('{'))
            {
                Told.Add(text);
                return [text, text];
            }

            return base.Gather(text);
        }
    }
}
