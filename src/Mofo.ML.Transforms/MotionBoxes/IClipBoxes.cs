using Mofo.ML.Transforms.MotionMaps;
using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms.MotionBoxes;

/// <summary>Gathers the boxes of one clip, map by map, and applies the clean-up rules at its end.</summary>
internal interface IClipBoxes : IDisposable
{
    /// <summary>Whether <see cref="Add"/> looks at the picture.</summary>
    bool NeedsPicture { get; }

    /// <summary>Takes the next frame's map; gives the box found in it, in pixels of the source frame, before any rule.</summary>
    /// <param name="map">The motion map; it may be changed after the call.</param>
    /// <param name="picture">The frame, where <see cref="NeedsPicture"/>.</param>
    MotionBox? Add(MotionMap map, Frame? picture);

    /// <summary>The boxes of all frames added.</summary>
    BoxTrack Finish();
}
