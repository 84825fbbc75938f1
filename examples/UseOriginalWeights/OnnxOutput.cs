using Mofo.ML.Trainers;

namespace UseOriginalWeights;

/// <summary>From a weight file to an ONNX file in one go.</summary>
internal static class OnnxOutput
{
    private const string FusionLayer = "local_MCA.";

    /// <summary>Writes the classifier, where the file has a head for these classes, else the encoder.</summary>
    /// <returns>What was written, in words.</returns>
    public static string Write(string file, string output, VitConfig model, IReadOnlyList<string> classes, LoadReport report, MotionFusion? found)
    {
        if (report.LeftAtInitialValues.Contains("head.weight"))
        {
            _ = MofoWeights.ConvertEncoderToOnnx(file, output, new MofoPretrainingOptions { Model = model });
            return $"The file has no head for {classes.Count} classes: its encoder was written to {output}.";
        }

        // The original saves the layers of every fusion, trained or not; its default is the cross-attention. VideoMAE's files have none.
        var fusion = found
            ?? (report.LeftAtInitialValues.Any(name => name.StartsWith(FusionLayer, StringComparison.Ordinal)) ? MotionFusion.None : MotionFusion.MultiHeadCrossAttention);
        _ = MofoWeights.ConvertClassifierToOnnx(file, output, new MofoFinetuningOptions { Model = model, Fusion = fusion }, classes);
        return $"The classifier (fusion {fusion}) was written to {output}; examples/ServeWithOnnx serves it.";
    }
}
