using Mofo.ML.Cli.Options;
using Mofo.ML.Trainers;

namespace Mofo.ML.Cli.Commands;

/// <summary>Writes tables whose format the name of the file says.</summary>
internal static class TableFile
{
    /// <exception cref="UsageException">The name ends in neither.</exception>
    public static void Save(string path, Action<string> csv, Action<string> parquet) => ForEnding(path, csv, parquet)(path);

    /// <summary>Checks a name before any work is done.</summary>
    /// <exception cref="UsageException">The name ends in neither.</exception>
    public static void Check(string? path)
    {
        if (path is not null)
        {
            _ = ForEnding(path, _ => { }, _ => { });
        }
    }

    public static void Save(ScoredVideos videos, string path) => Save(path, videos.SaveCsv, videos.SaveParquet);

    private static Action<string> ForEnding(string path, Action<string> csv, Action<string> parquet) => Path.GetExtension(path).ToUpperInvariant() switch
    {
        ".CSV" => csv,
        ".PARQUET" => parquet,
        _ => throw new UsageException($"{path} must end in .csv or .parquet."),
    };
}
