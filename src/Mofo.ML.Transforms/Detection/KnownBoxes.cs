using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Mofo.ML.Transforms.Detection;

/// <summary>Boxes found since the transformer was made, so that every stage behind it sees them without a second detection.</summary>
/// <remarks>Keyed by path, length and time of the file. Bounded: when full, further videos are simply not remembered.</remarks>
internal sealed class KnownBoxes
{
    /// <summary>256 MiB of coordinates; a union costs four however long the video is.</summary>
    private const long Capacity = 64L << 20;

    private readonly ConcurrentDictionary<(string Path, long Length, DateTime Written), BoxTrack> _tracks = [];
    private long _held;

    public bool TryGet(string path, [NotNullWhen(true)] out BoxTrack? track)
    {
        track = null;
        return Key(path) is { } key && _tracks.TryGetValue(key, out track);
    }

    public void Add(string path, BoxTrack track)
    {
        if (Key(path) is { } key && Interlocked.Add(ref _held, 4L * track.PerFrame.Count) <= Capacity)
        {
            _tracks.TryAdd(key, track);
        }
    }

    private static (string Path, long Length, DateTime Written)? Key(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? (file.FullName, file.Length, file.LastWriteTimeUtc) : null;
    }
}
