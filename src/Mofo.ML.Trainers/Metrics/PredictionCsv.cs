using System.Globalization;
using Mofo.ML.Transforms.Files;
using nietras.SeparatedValues;

namespace Mofo.ML.Trainers.Metrics;

/// <summary>The table of predictions as text.</summary>
internal static class PredictionCsv
{
    public static void Save(ScoredVideos videos, string path) => AtomicFile.Write(path, stream =>
    {
        // Fields are set by number: a class may be called as a column is.
        using var writer = Sep.New(',')
            .Writer(options => options with { Escape = true, WriteHeader = false, CultureInfo = CultureInfo.InvariantCulture })
            .To(stream, leaveOpen: true);
        Row(writer, ["VideoPath", "Label", "PredictedLabel", .. videos.Classes], []);
        foreach (var row in videos.Rows)
        {
            Row(writer, [row.VideoPath, row.Label ?? "", videos.Predicted(row) ?? ""], row.Scores);
        }
    });

    private static void Row(SepWriter writer, string[] texts, IReadOnlyList<double> numbers)
    {
        using var row = writer.NewRow();
        for (var i = 0; i < texts.Length; i++)
        {
            row[i].Set(texts[i]);
        }

        for (var i = 0; i < numbers.Count; i++)
        {
            row[texts.Length + i].Format(numbers[i]);
        }
    }
}
