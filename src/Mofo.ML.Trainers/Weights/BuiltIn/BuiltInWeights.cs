using Mofo.ML.Transforms.NativeLibraries;

namespace Mofo.ML.Trainers.Weights.BuiltIn;

/// <summary>Weight files inside this assembly, as files that the readers can open.</summary>
internal static class BuiltInWeights
{
    /// <summary>Path of a copy in the user's private cache; its bytes are compared each time, so a changed copy is written again.</summary>
    public static string PathOf(string name)
    {
        using var source = typeof(BuiltInWeights).Assembly.GetManifestResourceStream(typeof(BuiltInWeights), name)
            ?? throw new InvalidOperationException($"The library holds no weights named '{name}'.");
        var bytes = new byte[source.Length];
        source.ReadExactly(bytes);
        return PatchedCopyCache.ForUser().Keep(name, bytes);
    }
}
