namespace Mofo.ML.Transforms.Scoring;

/// <summary>What the classifier says of a row: probabilities per class, and the best class as a key (from 1; 0 for a video that could not be read).</summary>
internal readonly record struct ScoredRow(float[] Scores, uint Predicted)
{
    public static ScoredRow Of(float[]? scores, int classes)
    {
        if (scores is null)
        {
            var missing = new float[classes];
            Array.Fill(missing, float.NaN);
            return new ScoredRow(missing, 0);
        }

        return new ScoredRow(scores, (uint)System.Numerics.Tensors.TensorPrimitives.IndexOfMax(scores) + 1);
    }
}
