using Mofo.ML.Research;
using Mofo.ML.Transforms.MotionMaps;
using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms.MotionBoxes;

/// <summary>The boxes of a clip by the rules of the paper's text.</summary>
internal sealed class ClipBoxes(int frameWidth, int frameHeight, MapSize size, BoxFinderSettings settings, BoxRules rules) : IClipBoxes
{
    private readonly BoxFinder _finder = new(size.Width, size.Height, settings);
    private readonly List<MotionBox?> _windowBoxes = [];
    private readonly List<MotionBox?> _ownBoxes = [];
    private double _strength;

    public bool NeedsPicture => false;

    public MotionBox? Add(MotionMap map, Frame? picture)
    {
        var found = _finder.Find(map);
        _windowBoxes.Add(ToFrame(found.Box));
        _ownBoxes.Add(ToFrame(found.Own));
        _strength += found.Strength;
        return _ownBoxes[^1];
    }

    public BoxTrack Finish()
    {
        var cleanup = new BoxCleanup(frameWidth, frameHeight, rules);
        // The union is drawn around the boxes of the windows: they hold a thing's whole way, also where single flows miss it.
        var union = cleanup.Union(Clean(cleanup, _windowBoxes));
        var found = _windowBoxes.Exists(box => box is not null);
        return new BoxTrack(frameWidth, frameHeight, Clean(cleanup, _ownBoxes), union, (float)(_strength / _ownBoxes.Count), found);
    }

    private static MotionBox[] Clean(BoxCleanup cleanup, List<MotionBox?> boxes) => BoxCleanup.Smooth(cleanup.FillGaps(cleanup.DropUnlikely(boxes)));

    private MotionBox? ToFrame(MotionBox? box) => box?.Scale((float)frameWidth / size.Width, (float)frameHeight / size.Height).Clip(frameWidth, frameHeight);

    public void Dispose() => _finder.Dispose();
}
