using Mofo.ML.Transforms.NativeLibraries;

namespace Mofo.ML.Trainers.Weights.BuiltIn;

/// <summary>Weight files inside this assembly, as files that the readers can open.</summary>
internal static class BuiltInWeights
{
    /// <summary>The weights of <see cref="VitConfig.Micro"/>.</summary>
    public static string Micro => PathOf("mofo-micro.zip");

    /// <summary>Whether the encoder of this network is that of the weights: it may take other numbers of decoder blocks, nothing else.</summary>
    public static bool Fit(VitConfig model)
    {
        var micro = VitConfig.Micro;
        return model with { DecoderDim = micro.DecoderDim, DecoderDepth = micro.DecoderDepth, DecoderHeads = micro.DecoderHeads } == micro;
    }

    /// <summary>Path of a copy in the user's private cache; its bytes are compared each time, so a changed copy is written again.</summary>
    private static string PathOf(string name)
    {
        using var source = typeof(BuiltInWeights).Assembly.GetManifestResourceStream(typeof(BuiltInWeights), name)
            ?? throw new InvalidOperationException($"The library holds no weights named '{name}'.");
        var bytes = new byte[source.Length];
        source.ReadExactly(bytes);
        return PatchedCopyCache.ForUser().Keep(name, bytes);
    }
}
