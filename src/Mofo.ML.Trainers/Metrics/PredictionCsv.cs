using System.Globalization;
using System.Text;
using Mofo.ML.Transforms.Files;

namespace Mofo.ML.Trainers.Metrics;

/// <summary>The table of predictions as text.</summary>
internal static class PredictionCsv
{
    public static void Save(ScoredVideos videos, string path)
    {
        var text = new StringBuilder();
        Line(text, ["VideoPath", "Label", "PredictedLabel", .. videos.Classes]);
        foreach (var row in videos.Rows)
        {
            Line(text, [row.VideoPath, row.Label ?? "", videos.Predicted(row) ?? "", .. row.Scores.Select(Number)]);
        }

        AtomicFile.WriteText(path, text.ToString());
    }

    private static void Line(StringBuilder text, IEnumerable<string> fields) => text.AppendJoin(',', fields.Select(Quoted)).Append('\n');

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Quoted(string field) =>
        field.AsSpan().IndexOfAny(",\"\r\n") < 0 ? field : $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
