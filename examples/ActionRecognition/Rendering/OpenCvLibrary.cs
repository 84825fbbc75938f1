using System.Reflection;
using System.Runtime.CompilerServices;

namespace ActionRecognition.Rendering;

/// <summary>Lets the native loader of Mofo.ML.Transforms take its post before this program draws with OpenCV on its own account.</summary>
internal static class OpenCvLibrary
{
    /// <summary>Does nothing when any type of Mofo.ML has been used before.</summary>
    public static void Prepare() =>
        RuntimeHelpers.RunModuleConstructor(Assembly.Load("Mofo.ML.Transforms").ManifestModule.ModuleHandle);
}
