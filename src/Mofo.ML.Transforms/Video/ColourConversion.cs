using Mofo.ML.Transforms.Video.Containers;
using OpenCvSharp;

namespace Mofo.ML.Transforms.Video;

/// <summary>OpenCV's pictures (blue, green, red) to ours (red, green, blue), with the matrix that the video is coded with.</summary>
/// <remarks>
/// OpenCV converts every video with the coefficients of BT.601. Its result is a linear map of the coded values, so those can be computed back from it and converted with
/// the right coefficients, in one step. What BT.601 has cut off at 0 or 255 stays cut off: strong greens lose up to 40 levels of green. Formulas and coefficients:
/// ITU-R BT.601-7, BT.709-6, BT.2020-2, by the numbers of ITU-T H.273, table 4.
/// </remarks>
internal sealed class ColourConversion : IDisposable
{
    /// <summary>H.273: the matrix is not stated.</summary>
    public const int Unspecified = 2;

    private const double Red601 = 0.299;
    private const double Blue601 = 0.114;
    private readonly Mat? _matrix;

    /// <param name="matrix">Matrix coefficients, H.273.</param>
    public ColourConversion(int matrix)
    {
        if (Weights(matrix) is { } weights && weights != (Red601, Blue601))
        {
            _matrix = Matrix(weights.Red, weights.Blue);
        }
    }

    /// <summary>Whether pictures with these coefficients come out right; others are read as BT.601.</summary>
    public static bool Knows(int matrix) => Weights(matrix) is not null;

    /// <summary>Writes the picture into one of the same size.</summary>
    public void Convert(Mat bgr, Mat rgb)
    {
        if (_matrix is null)
        {
            Cv2.CvtColor(bgr, rgb, ColorConversionCodes.BGR2RGB);
        }
        else
        {
            Cv2.Transform(bgr, rgb, _matrix);
        }
    }

    public void Dispose() => _matrix?.Dispose();

    /// <summary>Shares of red and blue in the brightness. 0 is RGB, 2 unspecified: OpenCV's own reading stays.</summary>
    private static (double Red, double Blue)? Weights(int matrix) => matrix switch
    {
        1 => (0.2126, 0.0722),
        4 => (0.30, 0.11),
        7 => (0.212, 0.087),
        9 => (0.2627, 0.0593),
        0 or Unspecified or 5 or 6 => (Red601, Blue601),
        _ => null,
    };

    /// <summary>From blue, green, red by BT.601 over brightness and colour differences to red, green, blue.</summary>
    private static Mat Matrix(double red, double blue)
    {
        var green = 1 - red - blue;
        double[] brightness = [Blue601, 1 - Red601 - Blue601, Red601];
        var rows = new float[9];
        for (var column = 0; column < 3; column++)
        {
            var y = brightness[column];
            var blueDifference = ((column == 0 ? 1 : 0) - y) / (2 * (1 - Blue601));
            var redDifference = ((column == 2 ? 1 : 0) - y) / (2 * (1 - Red601));
            var (r, b) = (y + (2 * (1 - red) * redDifference), y + (2 * (1 - blue) * blueDifference));
            rows[column] = (float)r;
            rows[3 + column] = (float)((y - (red * r) - (blue * b)) / green);
            rows[6 + column] = (float)b;
        }

        using var view = Mat.FromPixelData(3, 3, MatType.CV_32FC1, rows);
        return view.Clone();
    }
}
