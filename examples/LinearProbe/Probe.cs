using Microsoft.ML;
using Microsoft.ML.Data;

namespace LinearProbe;

/// <summary>Top-1 on the test list.</summary>
internal readonly record struct ProbeScore(double Linear, double Neighbours);

/// <summary>Frozen features judged by the simplest classifiers there are.</summary>
internal static class Probe
{
    /// <param name="ml">Trains the linear classifier.</param>
    /// <param name="train">A view with Features and Label (key).</param>
    /// <param name="test">The same of the test list.</param>
    /// <param name="seed">Of the linear trainer.</param>
    public static ProbeScore Score(MLContext ml, IDataView train, IDataView test, int seed)
    {
        var (known, asked) = (Read(ml, train), Read(ml, test));
        var (mean, deviation) = Moments(known);
        Standardise(known, mean, deviation);
        Standardise(asked, mean, deviation);
        return new ProbeScore(Linear(known, asked, seed), Neighbours(known, asked, 5));
    }

    private static double Linear(Row[] known, Row[] asked, int seed)
    {
        var ml = new MLContext(seed);
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, known[0].Features.Length);
        var keys = ml.Transforms.Conversion.MapValueToKey("Key", nameof(Row.Label));
        var trainer = keys.Append(ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy("Key", nameof(Row.Features), l2Regularization: 1));
        var model = trainer.Fit(ml.Data.LoadFromEnumerable(known, schema));
        return ml.MulticlassClassification.Evaluate(model.Transform(ml.Data.LoadFromEnumerable(asked, schema)), labelColumnName: "Key").MicroAccuracy;
    }

    /// <summary>The most frequent class among the nearest known features by cosine; of equal counts the nearest one's.</summary>
    private static double Neighbours(Row[] known, Row[] asked, int k) => asked.Count(row => known
        .OrderByDescending(other => System.Numerics.Tensors.TensorPrimitives.CosineSimilarity(row.Features, other.Features)).Take(k)
        .GroupBy(other => other.Label).MaxBy(group => group.Count())!.Key == row.Label) / (double)asked.Length;

    private static Row[] Read(MLContext ml, IDataView view) =>
        [.. ml.Data.CreateEnumerable<Row>(view, reuseRowObject: false).Where(row => row.Label > 0 && !row.Features.Any(float.IsNaN))];

    private static (float[] Mean, float[] Deviation) Moments(Row[] rows)
    {
        var mean = new float[rows[0].Features.Length];
        var deviation = new float[mean.Length];
        for (var i = 0; i < mean.Length; i++)
        {
            mean[i] = rows.Average(row => row.Features[i]);
            deviation[i] = MathF.Sqrt(rows.Average(row => MathF.Pow(row.Features[i] - mean[i], 2))) + 1e-6f;
        }

        return (mean, deviation);
    }

    private static void Standardise(Row[] rows, float[] mean, float[] deviation)
    {
        foreach (var row in rows)
        {
            for (var i = 0; i < mean.Length; i++)
            {
                row.Features[i] = (row.Features[i] - mean[i]) / deviation[i];
            }
        }
    }

    private sealed class Row
    {
        public float[] Features { get; set; } = [];

        public uint Label { get; set; }
    }
}
