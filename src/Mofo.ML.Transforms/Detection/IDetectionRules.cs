using Mofo.ML.Transforms.MotionBoxes;
using Mofo.ML.Transforms.MotionMaps;
using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms.Detection;

/// <summary>What the paper's rules and the released code's do differently between the flow and the boxes; chosen once for a run.</summary>
internal interface IDetectionRules
{
    /// <summary>Units of the flow in one pixel per frame: what maps, cuts and boxes count in.</summary>
    float UnitsPerPixel { get; }

    /// <summary>The size of the maps of a flow of this size.</summary>
    MapSize SizeOfMaps(ReducedPicture flow);

    /// <summary>Takes the camera's own motion off the flow; null where it stays.</summary>
    CameraMotion? CameraOf(MapSize size);

    /// <summary>Gathers the boxes of a video.</summary>
    /// <param name="frameWidth">Width of the source frame in pixels.</param>
    /// <param name="frameHeight">Its height.</param>
    /// <param name="flow">Size of the flow.</param>
    /// <param name="maps">Size of the maps.</param>
    IClipBoxes BoxesOf(int frameWidth, int frameHeight, ReducedPicture flow, MapSize maps);
}
