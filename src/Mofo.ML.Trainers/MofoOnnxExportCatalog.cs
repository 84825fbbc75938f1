using Mofo.ML.Trainers;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.MlNetBridge;

namespace Microsoft.ML;

/// <summary>Export of trained models beside <c>mlContext.Model.Save</c>.</summary>
public static class MofoOnnxExportCatalog
{
    /// <summary>Writes the network of a fitted pipeline as an ONNX file: of its last finetuned classifier or, where it has none, of its last pretrained encoder.</summary>
    /// <remarks>The settings of the pipeline's motion detector go into the file's metadata.</remarks>
    /// <param name="catalog">The model catalog.</param>
    /// <param name="model">A Mofo transformer, or a chain that holds one, fitted or loaded.</param>
    /// <param name="path">The file, replaced if it is there; folders are made.</param>
    /// <param name="options">Number type and size of files; null for the defaults.</param>
    /// <exception cref="ArgumentException">The pipeline holds neither a classifier nor an encoder of this library.</exception>
    /// <exception cref="MofoOptionsException">An option cannot be used.</exception>
    public static void ConvertMofoToOnnx(this ModelOperationsCatalog catalog, ITransformer model, string path, MofoOnnxExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(model);
        var stages = TransformerChains.Flatten(model).ToList();
        var settings = options?.Copy() ?? new MofoOnnxExportOptions();
        settings.Detection ??= stages.OfType<MotionDetectionTransformer>().LastOrDefault()?.Options;
        if (stages.OfType<MofoClassificationTransformer>().LastOrDefault() is { } classifier)
        {
            classifier.SaveAsOnnx(path, settings);
        }
        else if (stages.OfType<MofoPretrainedTransformer>().LastOrDefault() is { } encoder)
        {
            encoder.SaveAsOnnx(path, settings);
        }
        else
        {
            throw new ArgumentException("The pipeline holds neither a finetuned classifier nor a pretrained encoder of Mofo.ML.", nameof(model));
        }
    }
}
