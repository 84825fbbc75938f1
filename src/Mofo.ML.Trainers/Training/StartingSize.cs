using Mofo.ML.Trainers.Weights;
using Mofo.ML.Trainers.Weights.Facts;
using Mofo.ML.Transforms;

namespace Mofo.ML.Trainers.Training;

/// <summary>Has a training that starts from weights take the size of their network.</summary>
internal static class StartingSize
{
    /// <summary>What messages call the network of a stage before the trainer in the same chain.</summary>
    public const string Upstream = "the pretrained stage upstream";

    /// <summary>
    /// Sets the size in the options to that of the network that starts from the weights. Where the user did not set it, it is the weights' own; else it stays, and positions are
    /// interpolated from the clips that the weights were trained at, where the file says them and the user does not.
    /// </summary>
    /// <param name="options">Changed in place; nothing happens where they name no weights, or none that exist.</param>
    /// <param name="needsDecoder">Whether the network has a decoder.</param>
    /// <param name="log">Receives what was found.</param>
    /// <param name="warn">Receives what makes the weights less useful here; null for <paramref name="log"/>.</param>
    /// <exception cref="WeightFileException">The weights cannot be read, or are those of another kind of network.</exception>
    /// <exception cref="MofoOptionsException">The size contradicts the weights in a way that their shapes would not show.</exception>
    public static void Take(MofoTrainingOptions options, bool needsDecoder, Action<string> log, Action<string>? warn = null)
    {
        if (options.InitialWeights is { } path && (File.Exists(path) || Directory.Exists(path)))
        {
            options.Model = InitialWeights.SizeFor(path, options.ModelAsked, options.GetType().Name, needsDecoder, log, warn);
        }
    }

    /// <summary>The same for a training that starts from a pretrained stage in its chain: it has the stage's size where the user did not set another.</summary>
    /// <param name="options">Changed in place.</param>
    /// <param name="upstream">The network of the stage.</param>
    /// <param name="log">Receives what was found.</param>
    /// <exception cref="MofoOptionsException">The size that the user set contradicts the stage's.</exception>
    public static void TakeUpstream(MofoTrainingOptions options, VitConfig upstream, Action<string> log)
    {
        if (options.ModelAsked is { } asked)
        {
            InputCompatibility.RequireSameEncoder(upstream, asked, Upstream, options.GetType().Name);
            return;
        }

        options.Model = upstream;
        log($"The size of the network is that of {Upstream}: {SizeText.Of(upstream)}.");
    }
}
