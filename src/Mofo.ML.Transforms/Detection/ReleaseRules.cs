using Mofo.ML.Research;
using Mofo.ML.Transforms.MotionBoxes;
using Mofo.ML.Transforms.MotionMaps;
using Mofo.ML.Transforms.OpticalFlow;
using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms.Detection;

/// <summary>The rules of the released code, errors included: flow in 8-bit levels, maps of the flow's size, the camera's motion left to the derivative.</summary>
internal sealed class ReleaseRules(BoxRules rules) : IDetectionRules
{
    public float UnitsPerPixel => FlowQuantizer.LevelsPerPixel;

    public MapSize SizeOfMaps(ReducedPicture flow) => MapSize.Of(flow.Width, flow.Height, mayHalve: false);

    public CameraMotion? CameraOf(MapSize size) => null;

    public IClipBoxes BoxesOf(int frameWidth, int frameHeight, ReducedPicture flow, MapSize maps) => new ReleaseClipBoxes(frameWidth, frameHeight, flow, rules);
}
