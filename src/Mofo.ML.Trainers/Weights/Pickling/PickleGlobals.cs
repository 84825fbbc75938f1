using System.Collections.Frozen;

namespace Mofo.ML.Trainers.Weights.Pickling;

/// <summary>The names a checkpoint may mention, and what becomes of each. A pickle that mentions any other is refused.</summary>
/// <remarks>Nothing here is ever executed: the result of a call is data of ours or a <see cref="PickleOpaque"/>.</remarks>
internal static class PickleGlobals
{
    private static readonly FrozenSet<string> Inert = FrozenSet.ToFrozenSet(
    [
        // Run settings and counters beside the weights.
        "argparse Namespace", "types SimpleNamespace", "_codecs encode",
        "builtins set", "builtins frozenset", "builtins bytearray", "builtins complex",
        "builtins int", "builtins float", "builtins str", "builtins bool", "builtins list", "builtins tuple",
        "pathlib PosixPath", "pathlib WindowsPath", "pathlib PurePosixPath", "pathlib PureWindowsPath",
        "pathlib._local PosixPath", "pathlib._local WindowsPath",
        "datetime datetime", "datetime timedelta", "builtins object",
        // Settings and log values as mmengine and Lightning keep them.
        "mmengine.logging.history_buffer HistoryBuffer", "mmengine.config.config ConfigDict", "mmengine.config ConfigDict",
        "lightning_fabric.utilities.data AttributeDict", "lightning.fabric.utilities.data AttributeDict", "pytorch_lightning.utilities.parsing AttributeDict",
        // Learning rates and seeds are often numpy's.
        "numpy dtype", "numpy ndarray",
        "numpy.core.multiarray scalar", "numpy.core.multiarray _reconstruct",
        "numpy._core.multiarray scalar", "numpy._core.multiarray _reconstruct",
        // Facts about tensors.
        "torch Size", "torch device", "torch Tensor", "torch.nn.parameter Parameter",
        "torch float32", "torch float64", "torch float16", "torch bfloat16", "torch half", "torch float", "torch double",
        "torch int64", "torch int32", "torch int16", "torch int8", "torch uint8", "torch bool",
        "torch._utils _rebuild_tensor_v3", "torch._utils _rebuild_sparse_tensor", "torch._utils _rebuild_qtensor",
        "torch.serialization _get_layout",
    ]);

    private static readonly FrozenSet<string> Dictionaries = FrozenSet.ToFrozenSet(
        ["collections OrderedDict", "collections defaultdict", "collections Counter", "builtins dict"]);

    private static readonly FrozenSet<string> TensorBuilders = FrozenSet.ToFrozenSet(
    [
        "torch._utils _rebuild_tensor", "torch._utils _rebuild_tensor_v2",
        "torch._utils _rebuild_parameter", "torch._utils _rebuild_parameter_with_state",
        "torch._tensor _rebuild_from_type_v2",
    ]);

    /// <summary>Element type of each kind of storage; null for kinds that a checkpoint may have beside the weights but not as weights.</summary>
    private static readonly FrozenDictionary<string, WeightType?> Storages = new Dictionary<string, WeightType?>
    {
        ["FloatStorage"] = WeightType.Float32,
        ["HalfStorage"] = WeightType.Float16,
        ["BFloat16Storage"] = WeightType.BFloat16,
        ["DoubleStorage"] = WeightType.Float64,
        ["LongStorage"] = WeightType.Int64,
        ["IntStorage"] = WeightType.Int32,
        ["ShortStorage"] = WeightType.Int16,
        ["CharStorage"] = WeightType.Int8,
        ["ByteStorage"] = WeightType.UInt8,
        ["BoolStorage"] = WeightType.Bool,
        ["ComplexFloatStorage"] = null,
        ["ComplexDoubleStorage"] = null,
        ["QInt8Storage"] = null,
        ["QUInt8Storage"] = null,
        ["QInt32Storage"] = null,
        ["UntypedStorage"] = null,
    }.ToFrozenDictionary();

    /// <summary>Null when the name is not allowed.</summary>
    public static PickleGlobal? Find(string module, string name)
    {
        // Python 2 names, which protocol 2 still writes.
        module = module switch { "__builtin__" => "builtins", "copy_reg" => "copyreg", _ => module };
        var full = $"{module} {name}";
        var known = Inert.Contains(full) || Dictionaries.Contains(full) || TensorBuilders.Contains(full)
            || full == "copyreg _reconstructor" || IsStorage(module, name);
        return known ? new PickleGlobal(module, name) : null;
    }

    public static bool TryStorageType(string storageName, out WeightType type)
    {
        var found = Storages.GetValueOrDefault(storageName);
        type = found ?? default;
        return found is not null;
    }

    public static bool IsStorage(string module, string name) => module is "torch" or "torch.cuda" or "torch.storage" && Storages.ContainsKey(name);

    /// <summary>What calling an allowed name gives; null when the arguments make no sense.</summary>
    public static object? Call(PickleGlobal global, object?[] arguments)
    {
        var full = $"{global.Module} {global.Name}";
        if (Dictionaries.Contains(full))
        {
            return Dictionary(arguments);
        }

        return full switch
        {
            "torch._utils _rebuild_tensor" or "torch._utils _rebuild_tensor_v2" => Tensor(arguments),
            // Arguments: the tensor, whether it needs a gradient, hooks, state.
            "torch._utils _rebuild_parameter" or "torch._utils _rebuild_parameter_with_state" => arguments is [TorchTensor or PickleOpaque, ..] ? arguments[0] : null,
            // Arguments: builder, class, the builder's arguments, state.
            "torch._tensor _rebuild_from_type_v2" => arguments is [PickleGlobal inner, _, PickleTuple rest, ..] && inner.Name != global.Name ? Call(inner, rest.Items) : null,
            "copyreg _reconstructor" => arguments is [PickleGlobal kind, ..] ? new PickleOpaque(kind) : null,
            _ => new PickleOpaque(global),
        };
    }

    private static PickleDict Dictionary(object?[] arguments)
    {
        var result = new PickleDict();
        // OrderedDict([(key, value), ...]): how protocol 0 and 1 write one.
        if (arguments is [PickleList { Items: var pairs }])
        {
            result.Items.AddRange(pairs.OfType<PickleTuple>().Where(pair => pair.Items.Length == 2).Select(pair => KeyValuePair.Create(pair.Items[0], pair.Items[1])));
        }

        return result;
    }

    private static TorchTensor? Tensor(object?[] arguments) =>
        arguments is [TorchStorage storage, long offset, PickleTuple size, PickleTuple stride, ..]
        && size.Items.All(item => item is long) && stride.Items.All(item => item is long)
            ? new TorchTensor(storage, offset, [.. size.Items.Cast<long>()], [.. stride.Items.Cast<long>()])
            : null;
}
