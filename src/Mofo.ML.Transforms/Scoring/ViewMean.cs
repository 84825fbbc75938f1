namespace Mofo.ML.Transforms.Scoring;

/// <summary>Averages over the test views of a video.</summary>
internal static class ViewMean
{
    /// <summary>Mean of the rows, summed in double. [V][K] to [K].</summary>
    public static float[] Of(IReadOnlyList<float[]> rows)
    {
        var mean = new float[rows[0].Length];
        for (var k = 0; k < mean.Length; k++)
        {
            mean[k] = (float)rows.Average(row => (double)row[k]);
        }

        return mean;
    }
}
