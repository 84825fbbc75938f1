using Mofo.ML.Transforms.NativeLibraries;
using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Trainers.Training.Compute;

/// <summary>The native libtorch, and with it the OpenCV that reads the videos.</summary>
internal static class TorchLibrary
{
    /// <summary>Loads libtorch and OpenCV now, so that a program without them fails when the pipeline is made, not after hours of motion detection.</summary>
    /// <exception cref="DllNotFoundException">One is not among the program's files, or does not load on this system.</exception>
    public static void Require()
    {
        NativeLoader.Require(typeof(TorchSharp.torch).Assembly, NativeLoader.Torch);
        OpenCvLibrary.Require();
        ComputeThreads.KeepToQuota();
    }
}
