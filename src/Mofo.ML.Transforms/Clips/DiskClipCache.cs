using System.Collections.Concurrent;
using Mofo.ML.Transforms.Files;
using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms.Clips;

/// <summary>Keeps the frames of videos in a folder, reduced to what training can use, so that a set is decoded once and not in every epoch or run.</summary>
/// <remarks>
/// A video's file is named by what the video holds and by the size of its frames. It is written beside its place and renamed, so several
/// processes may share a folder; one that does not fit its own hashes is never trusted, but reported and made again.
/// </remarks>
/// <param name="reduction">Size of the frames kept.</param>
/// <param name="folder">Where they are kept; made when it is missing.</param>
/// <param name="warning">Called for files that are damaged or cannot be written.</param>
/// <param name="reading">Limits, warnings, cancellation; null for the defaults.</param>
internal sealed class DiskClipCache(FrameReduction reduction, string folder, Action<string> warning, VideoReading? reading = null) : IClipSource
{
    private readonly string _folder = Path.GetFullPath(folder);
    private readonly ConcurrentDictionary<string, string> _stored = new();
    private int _unwritable;

    /// <inheritdoc/>
    /// <exception cref="VideoException">The file cannot be read; names the row.</exception>
    public Clip[] ReadViews(ClipSource source, Func<int, int[][]> sample) => source.NamingRow(() =>
    {
        var file = _stored.GetOrAdd(source.VideoPath, PathOf);
        return FromFile(file, source, sample) ?? (Store(file, source.VideoPath) ? FromFile(file, source, sample) : null)
            ?? new ClipReader(reduction, reading).ReadViews(source, sample);
    });

    private Clip[]? FromFile(string file, ClipSource source, Func<int, int[][]> sample)
    {
        if (!File.Exists(file))
        {
            return null;
        }

        try
        {
            using var frames = new StoredFrames(file);
            return frames.Views(source, sample);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            warning($"The stored frames of '{source.VideoPath}' in '{file}' cannot be used ({error.Message.TrimEnd('.')}); the video is decoded again.");
            return null;
        }
    }

    private bool Store(string file, string videoPath)
    {
        try
        {
            using var reader = FrameReader.Open(videoPath, reading);
            AtomicFile.Write(file, stream => StoredFrames.Write(stream, reduction.ReduceAll(reader, videoPath, keeps: false), (reader.Width, reader.Height)));
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            if (Interlocked.Exchange(ref _unwritable, 1) == 0)
            {
                warning($"Frames cannot be kept in '{_folder}' and are decoded again each time: {error.Message}");
            }

            return false;
        }
    }

    // Two digits of the hash as a subfolder keep folders small for large sets.
    private string PathOf(string videoPath)
    {
        var key = ContentHash.Of(videoPath, Invariant($"frames|{StoredFrames.Version}|{reduction.ShortSide}|"), () => reading?.Cancel.ThrowIfCancellationRequested());
        return Path.Combine(_folder, key[..2], key + ".frames");
    }
}
