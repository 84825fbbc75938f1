using Mofo.ML.Cli.Options;

namespace Mofo.ML.Cli.Commands;

/// <summary>Checks labels before any work is done: the library knows only after the motion of all videos was detected.</summary>
internal static class VideoLabels
{
    /// <summary>Labels that a message names.</summary>
    private const int MostNamed = 10;

    /// <exception cref="UsageException">A video has no label.</exception>
    public static void Require(IReadOnlyList<VideoRow> videos)
    {
        if (videos.Where(IsUnlabelled).ToList() is { Count: > 0 } without)
        {
            throw new UsageException(Invariant($"{without.Count} of {videos.Count} videos have no label, e.g. {without[0].VideoPath}. Give a list with labels, or a folder with one folder per class."));
        }
    }

    /// <summary>Checks the videos of a validation set.</summary>
    /// <param name="training">The videos that are learned from.</param>
    /// <param name="validation">The videos of the set.</param>
    /// <param name="path">The list or folder that was given.</param>
    /// <exception cref="UsageException">A video has a label that no training video has, or none has a label.</exception>
    public static void RequireKnown(IReadOnlyList<VideoRow> training, IReadOnlyList<VideoRow> validation, string path)
    {
        var known = training.Select(video => video.Label).ToHashSet();
        var unknown = validation.Where(video => !IsUnlabelled(video) && !known.Contains(video.Label)).ToList();
        if (unknown.Count > 0)
        {
            throw new UsageException(Invariant(
                $"{unknown.Count} of {validation.Count} videos of --validation {path} have labels that no training video has: {Names(unknown)}. The labels of the training videos are: {Names(training)}."));
        }

        if (validation.All(IsUnlabelled))
        {
            throw new UsageException($"No video of --validation {path} has a label. Give a list with labels, or a folder with one folder per class.");
        }
    }

    private static bool IsUnlabelled(VideoRow video) => video.Label.Length == 0;

    private static string Names(IEnumerable<VideoRow> videos)
    {
        var names = videos.Select(video => video.Label).Distinct().ToList();
        return string.Join(", ", names.Take(MostNamed)) + (names.Count > MostNamed ? Invariant($" and {names.Count - MostNamed} more") : "");
    }
}
