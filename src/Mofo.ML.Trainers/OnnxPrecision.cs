namespace Mofo.ML.Trainers;

/// <summary>The number type of the matrix products in an exported ONNX file; inputs, outputs, norms and the head stay in float32.</summary>
public enum OnnxPrecision
{
#pragma warning disable CA1720 // The names of the number types are what the user chooses between.
    /// <summary>float32 throughout: scores within 1e-5 of TorchSharp's in float32.</summary>
    Float32,
#pragma warning restore CA1720

    /// <summary>float16 weights and products: half the file, for GPUs; on an x64 CPU ONNX Runtime computes them in float32.</summary>
    Float16,
}
