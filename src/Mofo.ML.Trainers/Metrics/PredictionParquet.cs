using Mofo.ML.Transforms.Files;
using Parquet;
using Parquet.Schema;

namespace Mofo.ML.Trainers.Metrics;

/// <summary>The table of predictions as Apache Parquet.</summary>
internal static class PredictionParquet
{
    public static void Save(ScoredVideos videos, string path) =>
        AtomicFile.Write(path, stream => WriteAsync(videos, stream).GetAwaiter().GetResult());

    private static async Task WriteAsync(ScoredVideos videos, Stream stream)
    {
        DataField[] texts = [new DataField("VideoPath", typeof(string), false), new DataField("Label", typeof(string), true), new DataField("PredictedLabel", typeof(string), true)];
        DataField[] scores = [.. videos.Classes.Select(name => new DataField(name, typeof(double), false))];
        var schema = new ParquetSchema([.. texts, .. scores]);
        var writer = await ParquetWriter.CreateAsync(schema, stream, null, false, CancellationToken.None).ConfigureAwait(false);
        await using (writer.ConfigureAwait(false))
        {
            using var group = writer.CreateRowGroup();
            await group.WriteAsync(texts[0], [.. videos.Rows.Select(row => row.VideoPath)], null).ConfigureAwait(false);
            await group.WriteAsync(texts[1], (string[])[.. videos.Rows.Select(row => row.Label!)], null).ConfigureAwait(false);
            await group.WriteAsync(texts[2], (string[])[.. videos.Rows.Select(row => videos.Predicted(row)!)], null).ConfigureAwait(false);
            for (var k = 0; k < scores.Length; k++)
            {
                double[] column = [.. videos.Rows.Select(row => row.Scores[k])];
                await group.WriteAsync<double>(scores[k], column, null, null, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }
}
