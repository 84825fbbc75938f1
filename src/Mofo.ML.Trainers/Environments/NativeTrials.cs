using System.Runtime.CompilerServices;
using Microsoft.ML.OnnxRuntime;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.NativeLibraries;
using Mofo.ML.Transforms.Video;
using OpenCvSharp;
using TorchSharp;

namespace Mofo.ML.Trainers.Environments;

/// <summary>Loads each native library and has it do a little work.</summary>
internal static class NativeTrials
{
    private const int Side = 64;
    private const int Frames = 4;

    public static EnvironmentFinding OpenCv() => Try("OpenCV", isOptional: false, () =>
    {
        OpenCvLibrary.Require();
        return $"{Cv2.GetVersionString()}";
    });

    /// <summary>Writes a short video and reads it.</summary>
    public static EnvironmentFinding Decoding() => Try("Video decoding", isOptional: false, () =>
    {
        OpenCvLibrary.Require();
        var folder = Directory.CreateTempSubdirectory("mofo-doctor-");
        try
        {
            var path = Path.Combine(folder.FullName, "trial.avi");
            using (var writer = new VideoWriter(path, FourCC.FromString("MJPG"), 25, new Size(Side, Side)))
            using (var picture = new Mat(Side, Side, MatType.CV_8UC3, OpenCvSharp.Scalar.All(128)))
            {
                for (var i = 0; i < Frames; i++)
                {
                    writer.Write(picture);
                }
            }

            return Invariant($"works ({VideoFacts.Read(path).Frames} of {Frames} frames of a trial file)");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    });

    public static EnvironmentFinding Torch() => Try("libtorch", isOptional: false, Multiply);

    public static EnvironmentFinding Cuda() => Try("CUDA devices", isOptional: true, CountDevices);

    public static EnvironmentFinding OnnxRuntime() => Try("ONNX Runtime", isOptional: true, AskOnnxRuntime);

    // In methods of their own, so that the trial catches what loading the library throws.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static string Multiply()
    {
        NativeLoader.Require(typeof(torch).Assembly, NativeLoader.Torch);
        using var scope = torch.NewDisposeScope();
        var product = torch.zeros([Side, Side]).matmul(torch.zeros([Side, Side]));
        return Invariant($"{torch.__version__}, {torch.get_num_threads()} threads, a product of {product.shape[0]} x {product.shape[1]} works");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static string CountDevices()
    {
        NativeLoader.Require(typeof(torch).Assembly, NativeLoader.Torch);
        return torch.cuda.is_available() ? Invariant($"{torch.cuda.device_count()}") : "none: everything runs on the processor";
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static string AskOnnxRuntime() => OrtEnv.Instance().GetVersionString();

    private static EnvironmentFinding Try(string name, bool isOptional, Func<string> trial)
    {
        try
        {
            return new(name, trial());
        }
#pragma warning disable CA1031 // Whatever fails is what is reported: a machine where nothing works is what this is for.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return new(name, "does not work", (e as TypeInitializationException)?.InnerException?.Message ?? e.Message, isOptional);
        }
    }
}
