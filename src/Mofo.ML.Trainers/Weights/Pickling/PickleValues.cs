namespace Mofo.ML.Trainers.Weights.Pickling;

// What a pickle is made of, beside null, bool, long, double, string and byte[]. All of it is inert: plain data, nothing to call.

/// <summary>A Python class or function by name; only names of <see cref="PickleGlobals"/> ever get this far.</summary>
internal sealed record PickleGlobal(string Module, string Name);

/// <summary>A tuple; unlike a list it cannot change.</summary>
internal sealed record PickleTuple(object?[] Items);

/// <summary>A list.</summary>
internal sealed class PickleList
{
    public List<object?> Items { get; } = [];
}

/// <summary>A dict or OrderedDict in its order. Keys are not hashed, so no key can be slow or recursive.</summary>
internal sealed class PickleDict
{
    public List<KeyValuePair<object?, object?>> Items { get; } = [];

    /// <summary>Names of the entries that have one, for messages.</summary>
    public IEnumerable<string> Names => Items.Select(item => item.Key).OfType<string>();

    /// <summary>The last value under a name (Python: later entries replace earlier ones); null when there is none.</summary>
    public object? Find(string name) => Items.FindLast(item => item.Key is string key && key == name).Value;
}

/// <summary>Anything else that is allowed to be in a checkpoint but that is never read: argparse settings, numpy scalars, sets.</summary>
internal sealed record PickleOpaque(PickleGlobal Kind);

/// <summary>Numbers of one type lying in a row in the file; tensors are views of it.</summary>
/// <param name="TypeName">Python name, e.g. <c>FloatStorage</c>.</param>
/// <param name="Key">Name under which the file keeps it.</param>
/// <param name="Count">Elements of the whole storage.</param>
/// <param name="ViewOffset">First element of the part that is meant (old stream files only).</param>
/// <param name="ViewCount">Elements of that part.</param>
internal sealed record TorchStorage(string TypeName, string Key, long Count, long ViewOffset, long ViewCount);

/// <summary>A tensor as the pickle describes it, unchecked.</summary>
internal sealed record TorchTensor(TorchStorage Storage, long Offset, long[] Shape, long[] Strides);
