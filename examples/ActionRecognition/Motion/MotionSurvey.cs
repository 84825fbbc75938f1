using System.Collections.Concurrent;
using Mofo.ML.Cli.Output;
using Mofo.ML.Transforms;

namespace ActionRecognition.Motion;

/// <summary>A first look at every clip: where it moves, or why it cannot be read.</summary>
/// <remarks>
/// The boxes go into the cache folder of the options, where the pipeline's own <c>DetectMotion</c> finds them again:
/// looking first costs nothing twice.
/// </remarks>
internal sealed class MotionSurvey
{
    private MotionSurvey(IReadOnlyDictionary<string, BoxTrack> tracks, IReadOnlyList<(string Path, string Reason)> bad) => (Tracks, Bad) = (tracks, bad);

    /// <summary>Motion boxes by path.</summary>
    public IReadOnlyDictionary<string, BoxTrack> Tracks { get; }

    /// <summary>Clips that cannot be read, in the order of the list.</summary>
    public IReadOnlyList<(string Path, string Reason)> Bad { get; }

    /// <summary>Looks at all clips, as many at a time as there are processors.</summary>
    /// <exception cref="VideoException">A clip cannot be read and <paramref name="strict"/> is set.</exception>
    public static MotionSurvey Take(IReadOnlyList<string> paths, MotionDetectionOptions options, bool strict, ProgressBoard board)
    {
        var detector = new MotionDetector(options);
        var tracks = new ConcurrentDictionary<string, BoxTrack>(StringComparer.Ordinal);
        var failures = new ConcurrentDictionary<string, VideoException>(StringComparer.Ordinal);
        var done = 0;
        Parallel.ForEach(paths, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, (path, loop) =>
        {
            try
            {
                tracks[path] = detector.Detect(path);
            }
            catch (VideoException failure)
            {
                failures[path] = failure;
                if (strict)
                {
                    loop.Stop();
                }
            }

            var count = Interlocked.Increment(ref done);
            board.Tell("Motion boxes", (double)count / paths.Count, $"{count} of {paths.Count} clips");
        });

        var bad = paths.Where(failures.ContainsKey).ToArray();
        return strict && bad.Length > 0
            ? throw failures[bad[0]]
            : new MotionSurvey(tracks, [.. bad.Select(path => (path, failures[path].Message))]);
    }
}
