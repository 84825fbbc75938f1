using Mofo.ML.Transforms.Video.Containers;
using OpenCvSharp;

namespace Mofo.ML.Transforms.Video;

/// <summary>OpenCV's pictures (blue, green, red) to ours (red, green, blue), with the matrix that the video is coded with.</summary>
/// <remarks>
/// OpenCV converts every video with the coefficients of BT.601. Its result is a linear map of the coded values, so those can be computed back from it and converted with
/// the right coefficients, in one step. What BT.601 has cut off at 0 or 255 stays cut off: strong greens lose up to 40 levels of green. In the same step
/// values of the full range (0 to 255) are computed back where OpenCV took them for the limited range (16 to 235): then what is below 16 or above 235 stays cut off. Formulas and coefficients:
/// ITU-R BT.601-7, BT.709-6, BT.2020-2, by the numbers of ITU-T H.273, table 4.
/// </remarks>
internal sealed class ColourConversion : IDisposable
{
    /// <summary>H.273: the matrix is not stated.</summary>
    public const int Unspecified = 2;

    /// <summary>H.273: red, green and blue as they are.</summary>
    public const int Rgb = 0;

    private const double Red601 = 0.299;
    private const double Blue601 = 0.114;
    private const double LimitedLuma = 219.0 / 255;
    private const double LimitedChroma = 224.0 / 255;
    private const double LimitedBlack = 16;
    private readonly Mat? _matrix;

    /// <param name="matrix">Matrix coefficients, H.273.</param>
    /// <param name="fullRangeMissed">The video has values of the full range, and OpenCV does not know it.</param>
    public ColourConversion(int matrix, bool fullRangeMissed = false)
    {
        var weights = Weights(matrix) ?? (Red601, Blue601);
        if (fullRangeMissed || weights != (Red601, Blue601))
        {
            _matrix = Matrix(weights.Red, weights.Blue, fullRangeMissed);
        }
    }

    /// <summary>Whether pictures with these coefficients come out right; others are read as BT.601.</summary>
    public static bool Knows(int matrix) => Weights(matrix) is not null;

    /// <summary>Whether OpenCV's own conversion is the right one for these coefficients, or they do not say.</summary>
    public static bool IsOpenCvs(int matrix) => Weights(matrix) == (Red601, Blue601);

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
        Rgb or Unspecified or 5 or 6 => (Red601, Blue601),
        _ => null,
    };

    /// <summary>From blue, green, red by BT.601 over brightness and colour differences to red, green, blue.</summary>
    private static Mat Matrix(double red, double blue, bool fullRangeMissed)
    {
        const int Columns = 4; // the last one is added
        var green = 1 - red - blue;
        var (luma, chroma, black) = fullRangeMissed ? (LimitedLuma, LimitedChroma, LimitedBlack) : (1, 1, 0);
        double[] brightness = [Blue601, 1 - Red601 - Blue601, Red601];
        var rows = new float[3 * Columns];
        for (var column = 0; column < 3; column++)
        {
            var y = brightness[column];
            var blueDifference = chroma * ((column == 0 ? 1 : 0) - y) / (2 * (1 - Blue601));
            var redDifference = chroma * ((column == 2 ? 1 : 0) - y) / (2 * (1 - Red601));
            y *= luma;
            var (r, b) = (y + (2 * (1 - red) * redDifference), y + (2 * (1 - blue) * blueDifference));
            rows[column] = (float)r;
            rows[Columns + column] = (float)((y - (red * r) - (blue * b)) / green);
            rows[(2 * Columns) + column] = (float)b;
        }

        for (var row = 0; row < 3; row++)
        {
            rows[(row * Columns) + 3] = (float)black;
        }

        using var view = Mat.FromPixelData(3, Columns, MatType.CV_32FC1, rows);
        return view.Clone();
    }
}
