namespace Mofo.ML.Benchmarks.Pipelines;

/// <summary>Real clips for what decodes: MOFO_VIDEOS, by default beside the project.</summary>
internal static class RealVideos
{
    /// <summary>The folder, or null where there is none.</summary>
    public static string? Folder
    {
        get
        {
            var folder = Path.Combine(Environment.GetEnvironmentVariable("MOFO_VIDEOS") ?? Path.GetFullPath("../shared/videos/dev"), "fight_surv", "clips");
            return Directory.Exists(folder) ? folder : null;
        }
    }

    /// <summary>The first so many .mp4 files, in order.</summary>
    public static string[] Files(int count) =>
        [.. Directory.GetFiles(Folder!, "*.mp4", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Take(count)];

    public static int Absent()
    {
        Console.WriteLine("Left out: no real videos (MOFO_VIDEOS names no folder with fight_surv/clips).");
        return 0;
    }
}

/// <summary>A row of a view.</summary>
internal sealed record VideoOfClass(string VideoPath, string Label, float[] MotionBoxes)
{
    public static List<VideoOfClass> From(IEnumerable<string> files) =>
        [.. files.Select((file, i) => new VideoOfClass(file, i % 2 == 0 ? "even" : "odd", [60, 40, 200, 180]))];
}
