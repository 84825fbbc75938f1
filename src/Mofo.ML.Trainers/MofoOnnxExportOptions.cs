using Mofo.ML.Transforms;

namespace Mofo.ML.Trainers;

/// <summary>Settings of the export to ONNX.</summary>
public sealed class MofoOnnxExportOptions
{
    /// <summary>Number type of the matrix products.</summary>
    /// <value>Default <see cref="MofoOnnxPrecision.Float32"/>.</value>
    public MofoOnnxPrecision Precision { get; set; } = MofoOnnxPrecision.Float32;

    /// <summary>Bytes of weights above which they go to a file of their own, <c>FILE.data</c>, which must stay beside the model.</summary>
    /// <value>Default 1.9e9; in [0, 2e9]: a protocol buffer ends at 2 GiB. ViT-Huge in float32 is above it.</value>
    public long SingleFileLimit { get; set; } = 1_900_000_000;

    /// <summary>How motion boxes were found for the training, to be written into the file: <see cref="MofoOnnxModels.DetectionOf"/> gives it back where the model scores.</summary>
    /// <value>Default null: <c>ConvertMofoToOnnx</c> takes it from the pipeline's detector; a stage exported by itself says nothing of it.</value>
    public MotionDetectionOptions? Detection { get; set; }

    /// <summary>Checks all values together.</summary>
    /// <exception cref="MofoOptionsException">Lists every value that cannot be used.</exception>
    public void Validate()
    {
        var problems = new OptionProblems(nameof(MofoOnnxExportOptions));
        problems.Defined(Precision);
        problems.InRange(SingleFileLimit, 0, 2_000_000_000);
        problems.ThrowIfAny();
        Detection?.Validate();
    }

    internal MofoOnnxExportOptions Copy() => (MofoOnnxExportOptions)MemberwiseClone();
}
