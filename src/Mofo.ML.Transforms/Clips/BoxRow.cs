
namespace Mofo.ML.Transforms.Clips;

/// <summary>The MotionBoxes column of one row, read as its length says.</summary>
internal readonly struct BoxRow
{
    private readonly ReadOnlyMemory<float> _values;

    public BoxRow(ClipSource source)
    {
        _values = source.MotionBoxes;
        if (_values.Length % 4 != 0)
        {
            throw new VideoException(source.VideoPath, Invariant($"its motion boxes have {_values.Length} values; expected 4 per frame, 4 for the whole video, or none"));
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
