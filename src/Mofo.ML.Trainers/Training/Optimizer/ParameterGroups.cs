using System.Globalization;

namespace Mofo.ML.Trainers.Training.Optimizer;

/// <summary>Parameters that share one weight decay and one factor on the learning rate.</summary>
/// <param name="WeightDecay">0 or the decay asked for.</param>
/// <param name="RateScale">Factor on the learning rate, from layer decay.</param>
/// <param name="Names">Parameter names, in the model's order.</param>
internal sealed record ParameterGroup(double WeightDecay, double RateScale, IReadOnlyList<string> Names);

/// <summary>Which parameters are decayed, and how fast each layer learns. Pure: names and ranks in, groups out.</summary>
/// <remarks>Groups come in the order in which their first parameter appears, as in the original's optimizer state.</remarks>
internal static class ParameterGroups
{
    /// <summary>Parameters that never decay although they have more than one dimension.</summary>
    private static readonly HashSet<string> NeverDecayed = ["mask_token", "cls_token", "pos_embed", "attentive_pool.query"];

    /// <summary>Pretraining: two groups, decayed or not.</summary>
    public static IReadOnlyList<ParameterGroup> Divide(IEnumerable<(string Name, int Rank)> parameters, double weightDecay) =>
        Divide(parameters, weightDecay, _ => 1);

    /// <summary>Finetuning: layer i of depth + 1 learns at layerDecay^(depth + 1 - i) of the rate, so the first layers change least.</summary>
    /// <param name="parameters">Name and number of dimensions of each.</param>
    /// <param name="weightDecay">Decay of the weights that have one.</param>
    /// <param name="layerDecay">Factor per layer, in (0, 1]; the original's 0.75 for ViT-B.</param>
    /// <param name="depth">Blocks of the model.</param>
    public static IReadOnlyList<ParameterGroup> Divide(IEnumerable<(string Name, int Rank)> parameters, double weightDecay, double layerDecay, int depth) =>
        Divide(parameters, weightDecay, name => Math.Pow(layerDecay, depth + 1 - LayerOf(name, depth)));

    /// <summary>Whether weight decay applies: not to vectors, biases and tokens.</summary>
    public static bool IsDecayed(string name, int rank) =>
        rank > 1 && !name.EndsWith(".bias", StringComparison.Ordinal) && !NeverDecayed.Contains(name);

    /// <summary>0 for the embedding, k + 1 for block k, depth + 1 for everything after the blocks.</summary>
    public static int LayerOf(string name, int depth)
    {
        if (name is "mask_token" or "cls_token" or "pos_embed" || name.StartsWith("patch_embed.", StringComparison.Ordinal))
        {
            return 0;
        }

        return name.StartsWith("blocks.", StringComparison.Ordinal)
            ? int.Parse(name.AsSpan(7, name.IndexOf('.', 7) - 7), NumberStyles.None, CultureInfo.InvariantCulture) + 1
            : depth + 1;
    }

    private static List<ParameterGroup> Divide(IEnumerable<(string Name, int Rank)> parameters, double weightDecay, Func<string, double> rateScale) =>
        parameters
            .GroupBy(p => (Decay: IsDecayed(p.Name, p.Rank) ? weightDecay : 0, Decayed: IsDecayed(p.Name, p.Rank), Scale: rateScale(p.Name)), p => p.Name)
            .Select(g => new ParameterGroup(g.Key.Decay, g.Key.Scale, g.ToArray()))
            .ToList();
}
