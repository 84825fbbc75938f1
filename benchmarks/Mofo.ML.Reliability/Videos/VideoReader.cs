using System.Diagnostics;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Reliability.Videos;

/// <summary>The child: opens and reads damaged videos, and says what came of each on a line of its own.</summary>
internal static class VideoReader
{
    private const int MostFrames = 60;
    private const long MostMemory = 2L << 30;

    /// <summary>Beyond it the process ends and is started again, so that one leak does not hide others.</summary>
    public const int OutOfMemory = 4;

    private static readonly VideoReading Reading = new(new VideoLimits { MaxWaitSeconds = 20 });

    /// <returns>The exit code.</returns>
    public static int Run(DamagedVideo videos, string scratch, int from, int to)
    {
        for (var index = from; index < to; index++)
        {
            var (bytes, extension) = videos.Make(index);
            var path = Path.Combine(scratch, $"video{extension}");
            File.WriteAllBytes(path, bytes);
            Say(FormattableString.Invariant($"begin {index}"));
            var start = Stopwatch.GetTimestamp();
            var outcome = Read(path, index);
            Say(FormattableString.Invariant($"end {index} {Stopwatch.GetElapsedTime(start).TotalSeconds:0.000} {outcome}"));
            File.Delete(path);
            using var self = Process.GetCurrentProcess();
            if (self.WorkingSet64 > MostMemory)
            {
                return OutOfMemory;
            }
        }

        return 0;
    }

    private static string Read(string path, int index)
    {
        try
        {
            var frames = Frames(path, counts: index % 3 == 0);
            if (index % 5 == 0)
            {
                _ = Frames(path + "#t=0.2,0.6", counts: false);
            }

            return FormattableString.Invariant($"frames {frames}");
        }
        catch (VideoException e)
        {
            return e.File.StartsWith(path, StringComparison.Ordinal) ? "refused " + e.Reason.ReplaceLineEndings(" ") : $"finding the exception names '{e.File}'";
        }
#pragma warning disable CA1031 // Which exceptions come is what is to be found out.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return "finding " + e.ToString().ReplaceLineEndings(" ");
        }
    }

    private static int Frames(string path, bool counts)
    {
        using var reader = FrameReader.Open(path, Reading);
        if (counts)
        {
            _ = reader.CountFrames();
        }

        var frames = 0;
        while (frames < MostFrames && reader.TryRead(out var frame))
        {
            frames++;
            if (frame.Pixels.Length != 3 * reader.Width * reader.Height)
            {
                throw new InvalidOperationException(FormattableString.Invariant($"frame {frames} has {frame.Pixels.Length} bytes, {reader.Width}x{reader.Height} was promised"));
            }
        }

        return frames;
    }

    private static void Say(string line)
    {
        Console.WriteLine(line);
        Console.Out.Flush();
    }
}
