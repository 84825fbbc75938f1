namespace Mofo.ML.Trainers.Weights;

/// <summary>Parts of tensor names that belong to wrappers around a model and say nothing about the tensor.</summary>
internal static class WrapperNames
{
    /// <summary>
    /// Parts that may stand at any place, in any order, and more than once: <c>torch.compile</c>; <c>DataParallel</c>, <c>DistributedDataParallel</c> and
    /// <c>AveragedModel</c>; FSDP; activation checkpointing. A model can be wrapped as a whole, or layer by layer.
    /// </summary>
    private static readonly string[] Transparent = ["_orig_mod", "module", "_fsdp_wrapped_module", "_checkpoint_wrapped_module"];

    /// <summary>Names of the attribute under which other classes keep the model; only at the start.</summary>
    private static readonly string[] Containers = ["model.", "backbone.", "encoder.", "network.", "net."];

    /// <summary>Tensors of wrappers themselves: the number of averaged models in <c>torch.optim.swa_utils</c>.</summary>
    private static readonly string[] Counters = ["n_averaged"];

    public static bool IsCounter(string bareName) => Counters.Contains(bareName);

    /// <summary>The name without transparent wrappers: <c>_orig_mod.module.encoder._orig_mod.norm.bias</c> is <c>encoder.norm.bias</c>.</summary>
    public static string WithoutTransparent(string name)
    {
        if (!Array.Exists(Transparent, part => name.Contains(part, StringComparison.Ordinal)))
        {
            return name;
        }

        var parts = name.Split('.');
        var kept = parts.Where((part, i) => i == parts.Length - 1 || !Transparent.Contains(part));
        return string.Join('.', kept);
    }

    /// <summary>The name without any wrapper: <c>module.encoder.blocks.0.norm1.bias</c> is <c>blocks.0.norm1.bias</c>.</summary>
    public static string Without(string name)
    {
        name = WithoutTransparent(name);
        while (Array.Find(Containers, prefix => name.StartsWith(prefix, StringComparison.Ordinal)) is { } found)
        {
            name = name[found.Length..];
        }

        return name;
    }
}
