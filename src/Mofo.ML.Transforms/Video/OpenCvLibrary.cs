using Mofo.ML.Transforms.NativeLibraries;
using OpenCvSharp;

namespace Mofo.ML.Transforms.Video;

/// <summary>The native OpenCV, which reads every video.</summary>
internal static class OpenCvLibrary
{
    /// <summary>Loads it now, so that a program without it fails when the pipeline is made.</summary>
    /// <exception cref="DllNotFoundException">It is not among the program's files, or does not load on this system.</exception>
    public static void Require() => NativeLoader.Require(typeof(Cv2).Assembly, NativeLoader.OpenCv);

    /// <summary>Loads it as <see cref="Require"/> does, for whoever goes on without it.</summary>
    /// <returns>Whether it is there.</returns>
    public static bool IsLoaded()
    {
        try
        {
            Require();
            return true;
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            return false;
        }
    }
}
