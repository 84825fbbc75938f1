using Microsoft.ML;
using Microsoft.ML.Data;

namespace ServeWithOnnx;

/// <summary>Whether a clip looks like those that the network was trained on.</summary>
/// <remarks>
/// The measure is the highest class probability (Hendrycks and Gimpel 2017, arXiv 1610.02136): it is lower on clips of other kinds, and the ONNX file gives nothing better. It is a sign and no proof:
/// a network can be sure and wrong. The limit is the 5 % quantile over reference clips where the settings name a list of them, so that one in twenty familiar clips is warned of; else it lies
/// at <see cref="DefaultShare"/> of the way from chance to 1, a rule of ours.
/// </remarks>
internal sealed class Familiarity
{
    /// <summary>Where the limit lies between chance and certainty without reference clips.</summary>
    public const double DefaultShare = 0.35;

    /// <summary>Share of the reference clips below the limit.</summary>
    public const double Quantile = 0.05;

    public Familiarity(ServiceSettings settings, Recognizer recognizer)
    {
        var chance = 1.0 / recognizer.Classes.Count;
        Limit = settings.Reference is { Length: > 0 } list ? LimitOf(list, recognizer) : chance + (DefaultShare * (1 - chance));
    }

    /// <summary>The lowest probability of the likeliest class at which a clip counts as familiar.</summary>
    public double Limit { get; }

    /// <summary>The value below which a share of the values lies: the smallest that is left when that share, rounded down, is taken away from below.</summary>
    public static double Lower(IEnumerable<double> values, double share)
    {
        double[] sorted = [.. values.Order()];
        return sorted[(int)(share * sorted.Length)];
    }

    private static double LimitOf(string list, Recognizer recognizer)
    {
        var clips = new MLContext().Data.LoadVideoList(list).GetColumn<string>("VideoPath");
        return Lower(clips.Select(clip => (double)recognizer.Scores(clip)[0].Score), Quantile);
    }
}
