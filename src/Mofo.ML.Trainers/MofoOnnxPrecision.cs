namespace Mofo.ML.Trainers;

/// <summary>The number type of the matrix products in an exported ONNX file; inputs, outputs, norms and the head stay in float32.</summary>
public enum MofoOnnxPrecision
{
#pragma warning disable CA1720 // The names of the number types are what the user chooses between.
    /// <summary>float32 throughout: scores within 1e-5 of TorchSharp's in float32.</summary>
    Float32,

    /// <summary>float16 weights and products: half the file, for GPUs; on an x64 CPU ONNX Runtime computes them in float32.</summary>
    Float16,

    /// <summary>
    /// int8 weights, activations quantised as they come: a quarter of the file and the fastest on CPUs with VNNI (Ice Lake, Zen 4 and newer); what it costs in accuracy
    /// is in docs/onnx.md. On older x64 CPUs ONNX Runtime's products of this kind can saturate.
    /// </summary>
    Int8,
#pragma warning restore CA1720
}
