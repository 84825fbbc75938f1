using Mofo.ML.Transforms.Scoring;

namespace Mofo.ML.Trainers.Finetuning;

/// <summary>What became of one validation row.</summary>
/// <param name="WasRead">Whether its video could be read.</param>
/// <param name="IsRight">Whether the best class is its label.</param>
/// <param name="Loss">Negative logarithm of the label's probability; 0 where the video could not be read.</param>
internal readonly record struct ValidatedRow(bool WasRead, bool IsRight, double Loss)
{
    /// <summary>A probability of 0 in single precision would be an infinite loss.</summary>
    private const double LeastProbability = 1e-12;

    public static ValidatedRow Of(ScoredRow scored, int label) => scored.Predicted == 0
        ? default
        : new(true, scored.Predicted == label + 1, -Math.Log(Math.Max(LeastProbability, scored.Scores[label])));

    /// <summary>All rows, where each process has found out about those of its number: row i is that of rank i modulo the number of processes.</summary>
    /// <param name="world">The processes.</param>
    /// <param name="rows">Rows in all.</param>
    /// <param name="own">This process's.</param>
    public static ValidatedRow[] Gather(TrainingWorld world, int rows, IEnumerable<ValidatedRow> own)
    {
        // Every number comes from one rank and meets zeros from the others: the sum is that number, to the bit.
        var numbers = new double[3 * rows];
        foreach (var (i, row) in own.Index())
        {
            var start = 3 * (world.Rank + (i * world.Size));
            (numbers[start], numbers[start + 1], numbers[start + 2]) = (row.WasRead ? 1 : 0, row.IsRight ? 1 : 0, row.Loss);
        }

        world.Sum(numbers);
        return [.. numbers.Chunk(3).Select(row => new ValidatedRow(row[0] > 0, row[1] > 0, row[2]))];
    }
}
