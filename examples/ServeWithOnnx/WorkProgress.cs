using System.Collections.Concurrent;
using Mofo.ML.Transforms;

namespace ServeWithOnnx;

/// <summary>How far the work on each video is, by a number that its sender has chosen. Entries live as long as their request.</summary>
internal sealed class WorkProgress : IProgress<MotionDetectionProgress>
{
    private readonly ConcurrentDictionary<Guid, WorkState> _states = new();
    private readonly ConcurrentDictionary<string, Guid> _numbers = new(StringComparer.Ordinal);

    /// <summary>The state of a video; null for a number that no request in progress has.</summary>
    public WorkState? Of(Guid number) => _states.GetValueOrDefault(number);

    /// <summary>Begins to keep the state of an upload, until what is returned is disposed of.</summary>
    /// <param name="path">The uploaded file, by which the detector names it.</param>
    /// <param name="number">The sender's number; null for one without progress requests.</param>
    public IDisposable Watch(string path, Guid? number)
    {
        // A number that another request has is not taken over.
        if (number is not { } own || !_states.TryAdd(own, new WorkState("waiting", 0, 0)))
        {
            return new Watching(() => { });
        }

        _numbers[path] = own;
        return new Watching(() =>
        {
            _ = _numbers.TryRemove(path, out _);
            _ = _states.TryRemove(own, out _);
        });
    }

    /// <summary>The frames of a video are done, the network begins.</summary>
    public void ToNetwork(string path) => Set(path, new WorkState("network", 0, 0));

    public void Report(MotionDetectionProgress value) => Set(value.VideoPath, new WorkState("motion", value.FramesDone, value.FramesExpected));

    private void Set(string path, WorkState state)
    {
        if (_numbers.TryGetValue(path, out var number) && _states.ContainsKey(number))
        {
            _states[number] = state;
        }
    }

    private sealed class Watching(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
