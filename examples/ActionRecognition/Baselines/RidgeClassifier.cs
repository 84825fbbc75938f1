namespace ActionRecognition.Baselines;

/// <summary>One-against-the-rest ridge regression on standardised features, solved in closed form.</summary>
/// <remarks>
/// With X the standardised rows and Y = +1 / -1 per class, centred, the weights are Xᵀ A with (X Xᵀ + penalty I) A = Y:
/// a system as large as the number of videos.
/// </remarks>
internal sealed class RidgeClassifier
{
    private readonly double[] _mean;
    private readonly double[] _scale;
    private readonly double[][] _weights;
    private readonly double[] _bias;

    private RidgeClassifier(double[] mean, double[] scale, double[][] weights, double[] bias) =>
        (_mean, _scale, _weights, _bias) = (mean, scale, weights, bias);

    /// <param name="rows">Features of the training videos.</param>
    /// <param name="labels">Their classes, from 0.</param>
    /// <param name="penalty">
    /// Weight of the squared norm of the weights. Choosing it by leaving videos out is of no use where several clips come from one scene.
    /// </param>
    public static RidgeClassifier Fit(IReadOnlyList<double[]> rows, IReadOnlyList<int> labels, double penalty)
    {
        var features = Enumerable.Range(0, rows[0].Length).ToArray();
        double[] mean = [.. features.Select(f => rows.Average(row => row[f]))];
        double[] deviation = [.. features.Select(f => Math.Sqrt(rows.Average(row => Math.Pow(row[f] - mean[f], 2))))];
        double[] scale = [.. deviation.Select(d => d > 1e-9 ? 1 / d : 0)];
        double[][] standard = [.. rows.Select(row => Standardise(row, mean, scale))];

        var gram = new double[rows.Count, rows.Count];
        for (var i = 0; i < rows.Count; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                gram[i, j] = Dot(standard[i], standard[j]) + (i == j ? penalty : 0);
            }
        }

        var system = new Cholesky(gram);
        var classes = labels.Max() + 1;
        var (weights, bias) = (new double[classes][], new double[classes]);
        for (var c = 0; c < classes; c++)
        {
            double[] target = [.. labels.Select(label => label == c ? 1.0 : -1.0)];
            bias[c] = target.Average();
            var dual = system.Solve([.. target.Select(value => value - bias[c])]);
            weights[c] = [.. features.Select(f => standard.Select((row, i) => row[f] * dual[i]).Sum())];
        }

        return new RidgeClassifier(mean, scale, weights, bias);
    }

    /// <summary>The class with the largest response.</summary>
    public int Predict(double[] row)
    {
        var standard = Standardise(row, _mean, _scale);
        return Enumerable.Range(0, _bias.Length).MaxBy(c => _bias[c] + Dot(_weights[c], standard));
    }

    private static double[] Standardise(double[] row, double[] mean, double[] scale) =>
        [.. row.Select((value, f) => (value - mean[f]) * scale[f])];

    private static double Dot(double[] a, double[] b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }
}
