using Mofo.ML.Research;
using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Weights;
using Mofo.ML.Transforms;

namespace Mofo.ML.Trainers.Pretraining;

/// <summary>Reads the weights that a pretraining starts from.</summary>
internal static class InitialAutoencoder
{
    private const string Head = "decoder.head.";

    /// <summary>Loads a file into the model.</summary>
    /// <exception cref="MofoOptionsException">Everything fits but the decoder's head: the file was trained with another <see cref="ReconstructionTarget"/>.</exception>
    /// <exception cref="WeightMismatchException">The file does not fit.</exception>
    public static LoadReport Load(string path, MaskedAutoencoder model, MofoPretrainingOptions options)
    {
        try
        {
            return InitialWeights.Load(path, model, options.Model, WeightUse.Whole);
        }
        catch (WeightMismatchException e) when (e.Report is { Missing.Count: 0, Unexpected.Count: 0 } report && report.WrongShape.All(name => name.Contains(Head, StringComparison.Ordinal)))
        {
            throw new MofoOptionsException(
                nameof(MofoPretrainingOptions),
                [$"{nameof(MofoPretrainingOptions.ReconstructionTarget)} is {options.ReconstructionTarget}; the weights of {path} were trained with another, for the decoder's head differs: {string.Join(", ", report.WrongShape)}."]);
        }
    }
}
