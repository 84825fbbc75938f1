using System.Numerics.Tensors;
using Mofo.ML.Research;
using Mofo.ML.Transforms.MotionMaps;
using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms.MotionBoxes;

/// <summary>The boxes of a clip exactly as the release makes them.</summary>
internal sealed class ReleaseClipBoxes(int frameWidth, int frameHeight, ReducedPicture size, BoxRules rules) : IClipBoxes
{
    private readonly ReleaseBoxFinder _finder = new(size.Width, size.Height);
    private readonly List<ReleaseBox?> _boxes = [];
    private double _strength;

    public bool NeedsPicture => true;

    public MotionBox? Add(MotionMap map, Frame? picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        var box = _finder.Find(ReleaseBoxFinder.ToBytes(map.Values), size.ReduceColours(picture));
        _boxes.Add(box);
        // The map is in quantised levels here, 40 pixels per frame in 255.
        _strength += TensorPrimitives.Max<float>(map.Values) * 40 / 255 / (6 * map.Flows);
        return box is { } b ? ToFrame(b) : null;
    }

    public BoxTrack Finish()
    {
        var cleanup = new ReleaseBoxCleanup(size.Width, size.Height, rules);
        var boxes = cleanup.SmoothAndPad(cleanup.ReplaceUnlikely(cleanup.FillGaps(_boxes)));
        var found = _boxes.Exists(box => box is not null);
        return new BoxTrack(frameWidth, frameHeight, boxes.Select(ToFrame), ToFrame(cleanup.Union(boxes)), (float)(_strength / _boxes.Count), found);
    }

    public void Dispose()
    {
        // Nothing native is held.
    }

    private MotionBox ToFrame(ReleaseBox box) => box.ToMotionBox().Scale((float)frameWidth / size.Width, (float)frameHeight / size.Height);
}
