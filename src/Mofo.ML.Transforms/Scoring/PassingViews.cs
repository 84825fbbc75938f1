using System.Collections.Concurrent;
using Mofo.ML.Transforms.Clips;
using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms.Scoring;

/// <summary>Takes the test views of videos while a stage upstream decodes them, so that scoring does not decode them again.</summary>
/// <remarks>
/// The frames of the views follow from the number of frames that the file declares; where another number decodes, nothing is kept and the video is read as ever. Views wait for their row, which
/// is a few videos ahead; what would take more than <see cref="Capacity"/> is left out.
/// </remarks>
/// <param name="views">Which views.</param>
/// <param name="limits">A video that was read within wider limits is left to be read again.</param>
internal sealed class PassingViews(ScoringViews views, VideoLimits limits) : IFrameAudience
{
    /// <summary>Bytes of pixels that wait at most: one view of 16 frames of 224 pixels has 2.4 MB.</summary>
    private const long Capacity = 256 << 20;

    private readonly ConcurrentDictionary<string, Waiting> _videos = new();
    private long _held;

    /// <inheritdoc/>
    public IFrameTaker? Expect(string path, VideoFile facts, VideoLimits openedWithin)
    {
        if (facts.DeclaredFrameCount < 1 || !limits.Cover(openedWithin) || FileStamp.Of(path) is not { } file)
        {
            return null;
        }

        var frames = views.FrameIndices(facts.DeclaredFrameCount);
        var indices = frames.SelectMany(view => view).Distinct().Order().ToArray();
        var bytes = (long)indices.Length * views.Crops * views.ImageSize * views.ImageSize * 3;
        if (Interlocked.Add(ref _held, bytes) > Capacity)
        {
            Interlocked.Add(ref _held, -bytes);
            return null;
        }

        return new Taker(this, path, facts, new Waiting(file, facts.DeclaredFrameCount, frames, indices, new Frame[indices.Length][], (facts.Width, facts.Height), bytes));
    }

    /// <summary>The frames of the views of a row, each cut to its crops; null where they were not taken.</summary>
    public SampledFrames<Frame[]>? Take(ClipSource source)
    {
        if (!_videos.TryRemove(source.VideoPath, out var video))
        {
            return null;
        }

        Interlocked.Add(ref _held, -video.Bytes);
        var boxes = new BoxRow(source);
        return (boxes.PerFrameCount ?? video.Count) == video.Count && FileStamp.Of(source.VideoPath) == video.File
            ? new SampledFrames<Frame[]>(video.Views, video.Indices, video.Kept, boxes, video.SourceSize)
            : null;
    }

    private sealed record Waiting(FileStamp File, int Count, int[][] Views, int[] Indices, Frame[][] Kept, (int Width, int Height) SourceSize, long Bytes);

    private sealed class Taker(PassingViews owner, string path, VideoFile facts, Waiting video) : IFrameTaker
    {
        private int _frame;
        private int _next;
        private bool _isKept;

        public bool KeepsFrames => false; // crops are copies, also where a crop is the whole frame

        public void Take(Frame frame)
        {
            if (_next < video.Indices.Length && video.Indices[_next] == _frame)
            {
                video.Kept[_next++] = owner.CropsOf(frame);
            }

            _frame++;
        }

        public void Complete() => _isKept = _frame == facts.DeclaredFrameCount && _next == video.Indices.Length && owner._videos.TryAdd(path, video);

        public void Dispose()
        {
            if (!_isKept)
            {
                Interlocked.Add(ref owner._held, -video.Bytes);
            }
        }
    }

    private Frame[] CropsOf(Frame frame) => views.CropsOf(frame);
}
