using Mofo.ML.Trainers.Training.Feed;
using Mofo.ML.Transforms.Clips;

namespace Mofo.ML.Trainers.Finetuning;

/// <summary>Holds back a share of the rows of every class, drawn from the seed.</summary>
internal static class ValidationSplit
{
    /// <summary>Divides the rows; both parts keep the order of the data. A class keeps at least one row to learn from; of its further rows, at least one is held back where the share is above 0.</summary>
    public static (List<TrainingRow> Train, List<TrainingRow> Validation) Divide(IReadOnlyList<TrainingRow> rows, double share, int seed)
    {
        var held = new HashSet<int>();
        foreach (var own in Enumerable.Range(0, rows.Count).GroupBy(i => rows[i].Label))
        {
            var places = own.ToArray();
            ClipSeed.RandomFor(seed, own.Key, int.MinValue).Shuffle(places);
            var count = Math.Max((int)Math.Round(places.Length * share), share > 0 ? 1 : 0);
            held.UnionWith(places.Take(Math.Min(places.Length - 1, count)));
        }

        return ([.. rows.Where((_, i) => !held.Contains(i))], [.. rows.Where((_, i) => held.Contains(i))]);
    }
}
