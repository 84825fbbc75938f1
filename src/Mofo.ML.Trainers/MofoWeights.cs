using Mofo.ML.Research;
using Mofo.ML.Trainers.Applying;
using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.OnnxExport;
using Mofo.ML.Trainers.Weights;
using Mofo.ML.Trainers.Weights.Facts;
using Mofo.ML.Transforms.OnnxScoring;
using Mofo.ML.Transforms.Scoring;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers;

/// <summary>Looks into weight files and converts them, without a training.</summary>
/// <remarks>
/// Reads what <c>InitialWeights</c> reads: files of <c>torch.save</c> (<c>.pth</c>, <c>.pt</c>, <c>.bin</c>; nothing in them is ever executed),
/// <c>.safetensors</c> under the names of the original or of HuggingFace's VideoMAE, saved pipelines (<c>.zip</c>), checkpoints, and folders
/// of DeepSpeed and HuggingFace, also in shards.
/// </remarks>
public static class MofoWeights
{
    /// <summary>Describes a file or folder of weights: size, classes and how its clips are cut, as <c>ApplyMofoModel</c> would take it.</summary>
    /// <param name="path">The weight file, or a HuggingFace folder.</param>
    /// <param name="options">What the weights do not say; null to find it out.</param>
    /// <returns>The description; its <c>Model</c> suits the trainers' options too.</returns>
    /// <exception cref="WeightFileException">The file cannot be read, or holds another kind of network.</exception>
    /// <exception cref="Mofo.ML.Transforms.MofoOptionsException">An option is out of its range, or does not fit the weights.</exception>
    public static MofoModelDescription Describe(string path, MofoModelOptions? options = null) => new(PlanOf(path, options));

    /// <summary>Whether a file is a pipeline that <c>mlContext.Model.Save</c> wrote; such a one is loaded with <c>mlContext.Model.Load</c>, and its weights can be trained from.</summary>
    /// <param name="path">The file; a <c>.pth</c> is a zip file too, so that the extension proves nothing.</param>
    public static bool IsSavedModel(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return WeightFiles.IsSavedModel(path);
    }

    /// <summary>The size of a network that is trained from these weights where its options name none.</summary>
    /// <param name="path">What <c>InitialWeights</c> takes: a weight file, a folder, or a saved pipeline.</param>
    /// <param name="withDecoder">Whether the network has a decoder, as pretraining needs it.</param>
    /// <returns>The size.</returns>
    /// <exception cref="WeightFileException">The weights cannot be read, or are those of another kind of network.</exception>
    /// <exception cref="Mofo.ML.Transforms.MofoOptionsException">The size cannot be read from the weights.</exception>
    public static VitConfig SizeOf(string path, bool withDecoder = false)
    {
        ArgumentNullException.ThrowIfNull(path);
        return InitialWeights.SizeFor(path, null, nameof(VitConfig), withDecoder, _ => { });
    }

    /// <summary>Lists which tensors of a file a pretraining model of this size would take.</summary>
    /// <param name="path">The weight file.</param>
    /// <param name="model">Size of the model.</param>
    /// <param name="target">What the model predicts: it sets the width of the decoder's head.</param>
    /// <returns>Every tensor of the file and of the model, by name.</returns>
    /// <exception cref="WeightFileException">The file cannot be read.</exception>
    public static LoadReport CheckForPretraining(string path, VitConfig model, ReconstructionTarget target = ReconstructionTarget.Pixels)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(model);
        var size = InitialWeights.SizeFor(path, model, nameof(VitConfig), needsDecoder: true, _ => { });
        using var module = new MaskedAutoencoder(size, generator: null, target: target);
        return InitialWeights.Check(path, module, size, WeightUse.Whole);
    }

    /// <summary>Lists which tensors of a file a classifier of this size would start from.</summary>
    /// <param name="path">The weight file: a pretraining model or a classifier, for the same classes or others.</param>
    /// <param name="model">Size of the model.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="fusion">How the classifier joins tokens inside and outside the motion box.</param>
    /// <returns>Every tensor of the file and of the model, by name.</returns>
    /// <exception cref="WeightFileException">The file cannot be read.</exception>
    public static LoadReport CheckForFinetuning(string path, VitConfig model, int classes, MotionFusion fusion = MotionFusion.MultiHeadCrossAttention)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(model);
        var size = InitialWeights.SizeFor(path, model, nameof(VitConfig), needsDecoder: false, _ => { });
        using var module = new VideoClassifier(size, new ClassifierShape(classes, fusion), generator: null);
        return InitialWeights.Check(path, module, size, WeightUse.Encoder);
    }

    /// <summary>Writes the weights of a file as <c>.safetensors</c>, which Python loads with <c>safetensors.torch.load_file</c>.</summary>
    /// <param name="path">The weight file.</param>
    /// <param name="safetensorsPath">The file to write, beside and then renamed; one that is there is replaced.</param>
    /// <returns>The number of tensors written.</returns>
    /// <remarks>The tensors have the names of the MOFO and VideoMAE code, which are also ours: <c>blocks.0.attn.qkv.weight</c>.</remarks>
    /// <exception cref="WeightFileException">The file cannot be read.</exception>
    public static int Convert(string path, string safetensorsPath) => Convert(path, safetensorsPath, weights => weights);

    /// <summary>Writes the weights of a file as <c>.safetensors</c> for HuggingFace's VideoMAE classes.</summary>
    /// <param name="path">The weight file.</param>
    /// <param name="safetensorsPath">The file to write, beside and then renamed; one that is there is replaced.</param>
    /// <returns>The number of tensors written.</returns>
    /// <remarks>The tensors have HuggingFace's names: <c>videomae.encoder.layer.0.attention.attention.query.weight</c>.</remarks>
    /// <exception cref="WeightFileException">The file cannot be read.</exception>
    public static int ConvertToHuggingFace(string path, string safetensorsPath) => Convert(path, safetensorsPath, ParameterNames.ToHuggingFace);

    private static PublishedPlan PlanOf(string path, MofoModelOptions? options)
    {
        var settings = (options ?? new MofoModelOptions()).Copy();
        settings.Validate();
        return PublishedPlan.Of(path, settings);
    }

    private static int Convert(string path, string safetensorsPath, Func<WeightSet, WeightSet> rename)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(safetensorsPath);
        using var source = WeightFiles.Open(path);
        var renamed = rename(ParameterNames.ToOriginal(source));
        var size = WeightFiles.IsSavedModel(path) ? InputCompatibility.InSavedModel(path).LastOrDefault() : OwnSettings.SizeIn(source);
        WeightFiles.Save(safetensorsPath, renamed, size);
        return renamed.Count;
    }

    /// <summary>Writes the classifier of a weight file as an ONNX file, without training anything.</summary>
    /// <param name="path">The weight file: a finetuned classifier.</param>
    /// <param name="onnxPath">The file to write; one that is there is replaced.</param>
    /// <param name="model">Its size and fusion, and the test views that the file shall name.</param>
    /// <param name="classNames">The classes in the order of the scores.</param>
    /// <param name="options">Number type and size of files; null for the defaults.</param>
    /// <returns>Every tensor of the file and of the model, by name.</returns>
    /// <exception cref="WeightFileException">The file cannot be read.</exception>
    /// <exception cref="WeightMismatchException">The file is no classifier of this size, fusion and number of classes.</exception>
    /// <exception cref="Mofo.ML.Transforms.MofoOptionsException">An option cannot be used.</exception>
    public static LoadReport ConvertClassifierToOnnx(
        string path, string onnxPath, MofoFinetuningOptions model, IReadOnlyList<string> classNames, MofoOnnxExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(classNames);
        model.Validate();
        var size = InitialWeights.SizeFor(path, model.ModelAsked, nameof(MofoFinetuningOptions), needsDecoder: false, _ => { });
        var sized = model.Copy();
        sized.Model = size;
        var classes = new ClassNames(nameof(String), classNames);
        var shape = MofoClassificationTransformer.ShapeOf(classes, sized);
        using var module = new VideoClassifier(size, shape, generator: null);
        var report = InitialWeights.Load(path, module, size, WeightUse.Classifier);
        OnnxExporter.Save(onnxPath, module, size, shape, sized.Views, classes, options);
        return report;
    }

    /// <summary>Writes whatever network a weight file or folder holds as an ONNX file: its classifier where it has a head, else its encoder.</summary>
    /// <remarks>The file gives what <c>ApplyMofoModel</c> gives: its epsilons, pooling and positions are in the graph; how frames are cut, resized and normalised is in the metadata.</remarks>
    /// <param name="path">The weight file, or a HuggingFace folder.</param>
    /// <param name="onnxPath">The file to write; one that is there is replaced.</param>
    /// <param name="model">What the weights do not say, such as the names of classes; null to find it out.</param>
    /// <param name="options">Number type and size of files; null for the defaults.</param>
    /// <returns>Every tensor of the file and of the model, by name.</returns>
    /// <exception cref="WeightFileException">The file cannot be read, or holds another kind of network.</exception>
    /// <exception cref="WeightMismatchException">A tensor has no place in the network, or is missing.</exception>
    /// <exception cref="Mofo.ML.Transforms.MofoOptionsException">An option cannot be used.</exception>
    public static LoadReport ConvertToOnnx(string path, string onnxPath, MofoModelOptions? model = null, MofoOnnxExportOptions? options = null)
    {
        var plan = PlanOf(path, model);
        PublishedGraph.RequireInputs(plan.Shape);
        var (network, report) = plan.Load();
        using (network)
        {
            OnnxExporter.Save(
                onnxPath, network, "the network", (weights, products) => PublishedGraph.Write(plan.Shape, weights, products), new OnnxModelFacts(plan.Views, plan.Classes), options);
            return report;
        }
    }

    /// <summary>Writes the encoder of a pretraining checkpoint as an ONNX file, without training anything.</summary>
    /// <param name="path">The weight file: a pretraining model, whole.</param>
    /// <param name="onnxPath">The file to write; one that is there is replaced.</param>
    /// <param name="model">Its size.</param>
    /// <param name="options">Number type and size of files; null for the defaults.</param>
    /// <returns>Every tensor of the file and of the model, by name.</returns>
    /// <exception cref="WeightFileException">The file cannot be read.</exception>
    /// <exception cref="WeightMismatchException">The file is no pretraining model of this size.</exception>
    /// <exception cref="Mofo.ML.Transforms.MofoOptionsException">An option cannot be used.</exception>
    public static LoadReport ConvertEncoderToOnnx(string path, string onnxPath, MofoPretrainingOptions model, MofoOnnxExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        model.Validate();
        var sized = model.Copy();
        sized.Model = InitialWeights.SizeFor(path, model.ModelAsked, nameof(MofoPretrainingOptions), needsDecoder: true, _ => { });
        using var module = new MaskedAutoencoder(sized.Model, generator: null, target: sized.ReconstructionTarget);
        var report = InitialWeights.Load(path, module, sized.Model, WeightUse.Whole);
        OnnxExporter.Save(onnxPath, module.Encoder, sized.Model, sized.Views, options);
        return report;
    }
}
