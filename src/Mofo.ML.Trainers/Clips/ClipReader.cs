using Mofo.ML.Transforms;
using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Trainers.Clips;

/// <summary>Video file, boxes and frame choice to clip. Opens the file at every call, so one reader serves all threads.</summary>
internal sealed class ClipReader : IClipSource
{
    /// <inheritdoc/>
    /// <exception cref="VideoException">The file cannot be read; names the row.</exception>
    public Clip Read(ClipSource source, Func<int, int[]> sample) => ReadViews(source, frames => [sample(frames)])[0];

    /// <inheritdoc/>
    /// <exception cref="VideoException">The file cannot be read; names the row.</exception>
    public Clip[] ReadViews(ClipSource source, Func<int, int[][]> sample)
    {
        try
        {
            using var reader = FrameReader.Open(source.VideoPath);
            var boxes = new BoxRow(source);
            var views = sample(boxes.PerFrameCount ?? FrameCount(reader));
            var wanted = views.SelectMany(view => view).Distinct().Order().ToArray();
            var frames = reader.ReadAt(wanted);
            return Array.ConvertAll(views, view => MakeClip(view, wanted, frames, boxes));
        }
        catch (VideoException error) when (source.Row is { } row && error.Row is null)
        {
            throw error.WithRow(row);
        }
    }

    // The declared number may be one too high, which the reader puts up with; some streams declare none.
    private static int FrameCount(FrameReader reader) => reader.DeclaredFrameCount > 0 ? reader.DeclaredFrameCount : reader.CountFrames();

    private static Clip MakeClip(int[] view, int[] wanted, IReadOnlyList<Frame> frames, BoxRow boxes)
    {
        var clip = new Clip(view.Length, frames[0].Width, frames[0].Height);
        for (var i = 0; i < view.Length; i++)
        {
            var frame = frames[Array.BinarySearch(wanted, view[i])];
            frame.Pixels.AsSpan(0, clip.FrameBytes).CopyTo(clip.Frame(i));
            clip.Boxes[i] = boxes[view[i]];
        }

        return clip;
    }

    /// <summary>The MotionBoxes column of one row, read as its length says.</summary>
    private readonly struct BoxRow
    {
        private readonly ReadOnlyMemory<float> _values;

        public BoxRow(ClipSource source)
        {
            _values = source.MotionBoxes;
            if (_values.Length % 4 != 0)
            {
                throw new VideoException(source.VideoPath, $"its motion boxes have {_values.Length} values; expected 4 per frame, 4 for the whole video, or none");
            }
        }

        /// <summary>Number of frames when there is a box for each, else null.</summary>
        public int? PerFrameCount => _values.Length > 4 ? _values.Length / 4 : null;

        public MotionBox this[int frame]
        {
            get
            {
                if (_values.IsEmpty)
                {
                    return MotionBox.Empty;
                }

                var box = _values.Span.Slice(_values.Length == 4 ? 0 : frame * 4, 4);
                return new(box[0], box[1], box[2], box[3]);
            }
        }
    }
}
