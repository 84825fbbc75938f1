using Mofo.ML.Transforms;

namespace Mofo.ML.Trainers.Tests.Model;

/// <summary>Boxes as the original's code reads them, to compare with its figures.</summary>
internal static class ReleaseBoxes
{
    /// <summary>The box that the array slice [y1:y2, x1:x2] selects: whole pixels, and negative numbers count from the far edge.</summary>
    public static MotionBox AsArraySlice(MotionBox box, int side)
    {
        return new MotionBox(Position(box.X1), Position(box.Y1), Position(box.X2), Position(box.Y2));

        float Position(float value)
        {
            var whole = (int)value;
            return Math.Clamp(whole < 0 ? side + whole : whole, 0, side);
        }
    }
}
