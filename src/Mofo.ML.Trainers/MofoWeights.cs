using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers;

/// <summary>Looks into weight files and converts them, without a training.</summary>
/// <remarks>
/// Reads what <c>InitialWeights</c> reads: files of <c>torch.save</c> (<c>.pth</c>, <c>.pt</c>, <c>.bin</c>; nothing in them is ever executed),
/// <c>.safetensors</c> under the names of the original or of HuggingFace's VideoMAE, saved pipelines (<c>.zip</c>), checkpoints, and folders
/// of DeepSpeed and HuggingFace.
/// </remarks>
public static class MofoWeights
{
    /// <summary>Tells which tensors of a file a pretraining model of this size would take.</summary>
    /// <param name="path">The weight file.</param>
    /// <param name="model">Size of the model.</param>
    /// <returns>Every tensor of the file and of the model, by name.</returns>
    /// <exception cref="WeightFileException">The file cannot be read.</exception>
    public static LoadReport CheckForPretraining(string path, VitConfig model)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var generator = new Generator(0, CPU);
        using var module = new MaskedAutoencoder(model, generator);
        return Check(path, module, WeightUse.Whole);
    }

    /// <summary>Tells which tensors of a file a classifier of this size would start from.</summary>
    /// <param name="path">The weight file: a pretraining model or a classifier, for the same classes or others.</param>
    /// <param name="model">Size of the model.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="fusion">How the classifier joins tokens inside and outside the motion box.</param>
    /// <returns>Every tensor of the file and of the model, by name.</returns>
    /// <exception cref="WeightFileException">The file cannot be read.</exception>
    public static LoadReport CheckForFinetuning(string path, VitConfig model, int classes, MotionFusion fusion = MotionFusion.MultiHeadCrossAttention)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var generator = new Generator(0, CPU);
        using var module = new VideoClassifier(model, new ClassifierShape(classes, fusion), generator);
        return Check(path, module, WeightUse.Encoder);
    }

    /// <summary>Writes the weights of a file as <c>.safetensors</c>, which Python loads with <c>safetensors.torch.load_file</c>.</summary>
    /// <param name="path">The weight file.</param>
    /// <param name="safetensorsPath">The file to write, beside and then renamed; one that is there is replaced.</param>
    /// <param name="names">Whose names to write: the original's or HuggingFace's.</param>
    /// <returns>The number of tensors written.</returns>
    /// <exception cref="WeightFileException">The file cannot be read.</exception>
    public static int Convert(string path, string safetensorsPath, WeightNames names = WeightNames.Original)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(safetensorsPath);
        using var source = WeightFiles.Open(path);
        var original = ParameterNames.ToOriginal(source);
        var renamed = names == WeightNames.HuggingFace ? ParameterNames.ToHuggingFace(original) : original;
        WeightFiles.Save(safetensorsPath, renamed);
        return renamed.Count;
    }

    private static LoadReport Check(string path, nn.Module module, WeightUse use)
    {
        ArgumentNullException.ThrowIfNull(path);
        using var source = WeightFiles.Open(path);
        return WeightLoader.Check(source, module.state_dict(), use);
    }
}
