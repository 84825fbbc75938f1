using System.Collections.Concurrent;
using System.Globalization;
using Mofo.ML.Trainers.Training.Checkpoints;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.Clips;
using Mofo.ML.Transforms.MlNetBridge;
using Mofo.ML.Transforms.Video;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Training.Feed;

/// <summary>Videos of a run that could not be read: one warning each, a count at the end, never tried twice.</summary>
internal sealed class BadVideos(StageHost host, BadVideoHandling handling, IReadOnlyList<TrainingRow> rows) : ITrainingPart
{
    private readonly ConcurrentDictionary<int, byte> _items = [];

    public string Name => "bad_videos";

    public IEnumerable<(string Name, Tensor Value)> Tensors => [];

    /// <summary>Row numbers, so that a resumed run neither tries nor warns again.</summary>
    public IEnumerable<(string Name, double Value)> Numbers => _items.Keys.Select(item => (Invariant($"{item}"), 1.0));

    public void Resume(IReadOnlyDictionary<string, double> numbers)
    {
        foreach (var item in numbers.Keys)
        {
            _items[int.Parse(item, CultureInfo.InvariantCulture)] = 0;
        }
    }

    public bool IsBad(int item) => _items.ContainsKey(item);

    /// <summary>Takes in a video that another process could not read, and has warned of.</summary>
    public void Add(int item) => _items[item] = 0;

    /// <summary>The row numbers known so far.</summary>
    public IReadOnlySet<int> Snapshot() => _items.Keys.ToHashSet();

    /// <summary>The loader's question: drop this request and go on?</summary>
    public bool Skip(ClipOrder order, Exception error)
    {
        if (handling != BadVideoHandling.Skip || error is not VideoException video)
        {
            return false;
        }

        if (_items.TryAdd(order.Item, 0) && host.IsNews(video))
        {
            host.Warning(error.Message);
        }

        return true;
    }

    /// <summary>Says how many were left out.</summary>
    /// <param name="warns">Whether it is this process, of those that train together, that writes the warning.</param>
    /// <exception cref="InvalidOperationException">None could be read.</exception>
    public void Report(bool warns)
    {
        if (_items.IsEmpty)
        {
            return;
        }

        if (warns)
        {
            host.Warning(Invariant($"{_items.Count} of {rows.Count} videos could not be read and were left out of training."));
        }

        if (_items.Count == rows.Count)
        {
            throw new InvalidOperationException(Invariant($"None of the {rows.Count} videos could be read; the warnings in the log name each file and reason."));
        }
    }
}
