using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Mofo.ML.Trainers.Weights;

/// <summary>Named tensors in the order of their file or module, and where they come from; closes that file when disposed.</summary>
internal sealed class WeightSet : IReadOnlyCollection<WeightTensor>, IDisposable
{
    private readonly OrderedDictionary<string, WeightTensor> _tensors;
    private readonly IDisposable? _file;

    /// <param name="origin">File or object that the tensors come from, for messages.</param>
    /// <param name="tensors">Tensors with unique names.</param>
    /// <param name="metadata">Free text the file carries beside the tensors.</param>
    /// <param name="file">What must stay open while tensors are read.</param>
    public WeightSet(string origin, IEnumerable<WeightTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null, IDisposable? file = null)
    {
        Origin = origin;
        Metadata = metadata ?? new Dictionary<string, string>();
        _file = file;
        _tensors = [];
        foreach (var tensor in tensors)
        {
            if (!_tensors.TryAdd(tensor.Name, tensor))
            {
                throw new WeightFileException(origin, tensor.Name, "the name twice", "unique names");
            }
        }
    }

    public string Origin { get; }

    public IReadOnlyDictionary<string, string> Metadata { get; }

    public int Count => _tensors.Count;

    public IReadOnlyList<string> Names => _tensors.Keys;

    public WeightTensor this[string name] =>
        TryFind(name, out var tensor) ? tensor : throw new WeightFileException(Origin, name, "no such tensor", Invariant($"one of the {Count} that are there"));

    public bool TryFind(string name, [NotNullWhen(true)] out WeightTensor? tensor) => _tensors.TryGetValue(name, out tensor);

    public IEnumerator<WeightTensor> GetEnumerator() => _tensors.Values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Dispose() => _file?.Dispose();
}
