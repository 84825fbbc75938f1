namespace ActionRecognition.Baselines;

/// <summary>The factor L of a symmetric positive definite matrix A = L Lᵀ, for solving A x = b.</summary>
internal sealed class Cholesky
{
    private readonly double[,] _lower;
    private readonly int _size;

    /// <param name="matrix">The matrix; its lower triangle is read, and overwritten with the factor.</param>
    public Cholesky(double[,] matrix)
    {
        (_lower, _size) = (matrix, matrix.GetLength(0));
        for (var j = 0; j < _size; j++)
        {
            for (var i = j; i < _size; i++)
            {
                var sum = _lower[i, j];
                for (var k = 0; k < j; k++)
                {
                    sum -= _lower[i, k] * _lower[j, k];
                }

                _lower[i, j] = i == j ? Math.Sqrt(sum) : sum / _lower[j, j];
            }
        }
    }

    public double[] Solve(double[] right)
    {
        var x = (double[])right.Clone();
        for (var i = 0; i < _size; i++)
        {
            for (var k = 0; k < i; k++)
            {
                x[i] -= _lower[i, k] * x[k];
            }

            x[i] /= _lower[i, i];
        }

        for (var i = _size - 1; i >= 0; i--)
        {
            for (var k = i + 1; k < _size; k++)
            {
                x[i] -= _lower[k, i] * x[k];
            }

            x[i] /= _lower[i, i];
        }

        return x;
    }
}
