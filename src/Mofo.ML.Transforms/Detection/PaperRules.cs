using Mofo.ML.Transforms.MotionBoxes;
using Mofo.ML.Transforms.MotionMaps;
using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms.Detection;

/// <summary>The paper's steps with the cuts of the options, in pixels per frame.</summary>
internal sealed class PaperRules(MotionDetectionOptions options) : IDetectionRules
{
    /// <summary>Side that the sigmas of the options are given for.</summary>
    private const double SigmaSide = 240;

    public float UnitsPerPixel => 1;

    public MapSize SizeOfMaps(ReducedPicture flow) => MapSize.Of(flow.Width, flow.Height, mayHalve: true);

    public CameraMotion? CameraOf(MapSize size) => options.CompensateCamera ? new CameraMotion(size.Width, size.Height) : null;

    public IClipBoxes BoxesOf(int frameWidth, int frameHeight, ReducedPicture flow, MapSize maps) =>
        new ClipBoxes(frameWidth, frameHeight, maps, FinderSettings(maps.Width, maps.Height), options.Rules);

    /// <summary>The options, with lengths given for a short side of 240 pixels brought to the size of the map.</summary>
    public BoxFinderSettings FinderSettings(int width, int height)
    {
        var scale = Math.Min(width, height) / SigmaSide;
        return new(options.FineSigma * scale, options.PeakCut, options.DeviationCut, options.WideSigma * scale, options.AreaCut, options.MinimumMotion);
    }
}
