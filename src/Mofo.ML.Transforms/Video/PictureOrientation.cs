using OpenCvSharp;

namespace Mofo.ML.Transforms.Video;

/// <summary>How a coded picture is turned and mirrored to be shown: rows and columns exchanged first, then mirrored.</summary>
/// <param name="Transposed">Rows become columns.</param>
/// <param name="FlippedX">Then left and right change places.</param>
/// <param name="FlippedY">Then top and bottom change places.</param>
internal readonly record struct PictureOrientation(bool Transposed, bool FlippedX, bool FlippedY)
{
    public static PictureOrientation AsCoded => default;

    /// <summary>Whether the picture is mirrored, beside being turned.</summary>
    public bool IsMirrored => Transposed ^ FlippedX ^ FlippedY;

    /// <summary>Degrees clockwise that the picture is turned by; a mirrored one is flipped from left to right before.</summary>
    public int Rotation => Transposed ? (FlippedX ? 90 : 270) : (FlippedY ? 180 : 0);

    /// <summary>The decoder's own reading: degrees clockwise, no mirror.</summary>
    public static PictureOrientation OfRotation(int degrees) => (((degrees % 360) + 360) % 360) switch
    {
        90 => new(true, true, false),
        180 => new(false, true, true),
        270 => new(true, false, true),
        _ => AsCoded,
    };

    /// <summary>This orientation for a picture that is flipped from left to right before.</summary>
    public PictureOrientation AfterMirror() => Transposed ? this with { FlippedY = !FlippedY } : this with { FlippedX = !FlippedX };

    /// <summary>The size of the shown picture.</summary>
    public (int Width, int Height) Shown(int width, int height) => Transposed ? (height, width) : (width, height);

    /// <summary>Turns and mirrors a picture; gives back the same one where there is nothing to do.</summary>
    /// <param name="picture">As coded.</param>
    /// <param name="buffer">Takes the result.</param>
    public Mat Apply(Mat picture, Mat buffer)
    {
        if (this == AsCoded)
        {
            return picture;
        }

        var from = picture;
        if (Transposed)
        {
            Cv2.Transpose(picture, buffer);
            from = buffer;
        }

        if (FlippedX || FlippedY)
        {
            Cv2.Flip(from, buffer, (FlippedX, FlippedY) switch { (true, true) => FlipMode.XY, (true, false) => FlipMode.Y, _ => FlipMode.X });
        }

        return buffer;
    }
}
