using Microsoft.ML.OnnxRuntime;
using Mofo.ML.Transforms.MlNetBridge;

namespace Mofo.ML.Transforms.OnnxScoring;

/// <summary>Loads a model into ONNX Runtime on the device of the MLContext: its GPU, else the CPU.</summary>
internal static class OnnxSession
{
    private const string CudaProvider = "CUDAExecutionProvider";

    /// <exception cref="InvalidDataException">ONNX Runtime cannot load the model.</exception>
    /// <exception cref="InvalidOperationException">A GPU is asked for, cannot be used, and falling back is not allowed.</exception>
    public static InferenceSession Open(OnnxModelFile model, MofoOnnxModelOptions options, StageHost host)
    {
        if (host.GpuDeviceId is not { } gpu)
        {
            return OpenOnCpu(model, options);
        }

        try
        {
            return OpenOnGpu(model, options, gpu);
        }
        catch (Exception e) when (e is OnnxRuntimeException or NotSupportedException or DllNotFoundException or EntryPointNotFoundException)
        {
            var reason = Invariant($"MLContext.GpuDeviceId is {gpu}, but ONNX Runtime cannot use it: {e.Message.TrimEnd('.')}.");
            if (!host.FallbackToCpu)
            {
                throw new InvalidOperationException($"{reason} MLContext.FallbackToCpu is false.", e);
            }

            var warning = $"{reason} Scoring runs on the CPU.";
            host.Warning(warning);
            options.Warning?.Invoke(warning);
            return OpenOnCpu(model, options);
        }
    }

    private static InferenceSession OpenOnGpu(OnnxModelFile model, MofoOnnxModelOptions options, int gpu)
    {
        if (!OrtEnv.Instance().GetAvailableProviders().Contains(CudaProvider))
        {
            throw new NotSupportedException("this build of it has no CUDA (the package Microsoft.ML.OnnxRuntime.Gpu has)");
        }

        using var settings = Settings(options);
        settings.AppendExecutionProvider_CUDA(gpu);
        return Open(model, settings);
    }

    private static InferenceSession OpenOnCpu(OnnxModelFile model, MofoOnnxModelOptions options)
    {
        using var settings = Settings(options);
        try
        {
            return Open(model, settings);
        }
        catch (OnnxRuntimeException e)
        {
            throw new InvalidDataException($"ONNX Runtime cannot load '{model.Name}': {e.Message}", e);
        }
    }

    private static SessionOptions Settings(MofoOnnxModelOptions options) => new() { IntraOpNumThreads = options.Threads, InterOpNumThreads = 1 };

    private static InferenceSession Open(OnnxModelFile model, SessionOptions settings) =>
        model.Bytes is null ? new InferenceSession(model.Name, settings) : new InferenceSession(model.Bytes, settings);
}
