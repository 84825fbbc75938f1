using Mofo.ML.Transforms.MotionMaps;
using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms.MotionBoxes;

/// <summary>The boxes of a clip by the sane reading.</summary>
internal sealed class ClipBoxes(int frameWidth, int frameHeight, ReducedPicture size, MotionDetectionOptions options) : IClipBoxes
{
    private readonly BoxFinder _finder = new(size.Width, size.Height, BoxFinderSettings.From(options, size.Width, size.Height));
    private readonly List<MotionBox?> _boxes = [];
    private double _strength;

    public bool NeedsPicture => false;

    public MotionBox? Add(MotionMap map, Frame? picture)
    {
        var found = _finder.Find(map);
        var box = found.Box?.Scale((float)frameWidth / size.Width, (float)frameHeight / size.Height).Clip(frameWidth, frameHeight);
        _boxes.Add(box);
        _strength += found.Strength;
        return box;
    }

    public BoxTrack Finish()
    {
        var cleanup = new BoxCleanup(frameWidth, frameHeight, options.Rules);
        var boxes = BoxCleanup.Smooth(cleanup.FillGaps(cleanup.DropUnlikely(_boxes)));
        var found = _boxes.Exists(box => box is not null);
        return new BoxTrack(frameWidth, frameHeight, boxes, cleanup.Union(boxes), (float)(_strength / _boxes.Count), found);
    }

    public void Dispose() => _finder.Dispose();
}
