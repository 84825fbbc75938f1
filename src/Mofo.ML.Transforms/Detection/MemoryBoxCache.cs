using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms.Detection;

/// <summary>Boxes found since the transformer was made, so that every stage behind it sees them without a second detection.</summary>
/// <remarks>Keyed by path, length and time of the file, or of the files of an image folder. Bounded: when full, further videos are simply not remembered.</remarks>
internal sealed class MemoryBoxCache
{
    /// <summary>256 MiB of coordinates; a union costs four however long the video is.</summary>
    private const long Capacity = 64L << 20;

    private readonly ConcurrentDictionary<FileStamp, BoxTrack> _tracks = [];
    private long _held;

    public bool TryGet(FileStamp? video, [NotNullWhen(true)] out BoxTrack? track)
    {
        track = null;
        return video is not null && _tracks.TryGetValue(video, out track);
    }

    /// <param name="video">The stamp from before the detection: a file that changed meanwhile is detected again.</param>
    /// <param name="track">What was found.</param>
    public void Add(FileStamp? video, BoxTrack track)
    {
        if (video is not null && Interlocked.Add(ref _held, 4L * track.PerFrame.Count) <= Capacity)
        {
            _tracks.TryAdd(video, track);
        }
    }
}
