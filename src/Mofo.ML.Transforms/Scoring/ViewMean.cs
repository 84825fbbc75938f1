namespace Mofo.ML.Transforms.Scoring;

/// <summary>Averages over the test views of a video.</summary>
internal static class ViewMean
{
    /// <summary>The mean of a video that could not be read: as many NaN as there are values.</summary>
    public static float[] Missing(int width)
    {
        var missing = new float[width];
        Array.Fill(missing, float.NaN);
        return missing;
    }

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
