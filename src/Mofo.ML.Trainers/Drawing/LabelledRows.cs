using OpenCvSharp;

namespace Mofo.ML.Trainers.Drawing;

/// <summary>Rows of pictures under each other, each row with a caption; text is in the stroke font of OpenCV, because a small machine has no font files.</summary>
internal sealed class LabelledRows : IDisposable
{
    private const int Margin = 6;
    private const int CaptionHeight = 24;
    private const double CaptionSize = 0.5;

    private readonly List<Mat> _rows = [];

    /// <summary>Adds a row; the pictures are copied, and all have one height.</summary>
    public void Add(string caption, IReadOnlyList<Mat> pictures)
    {
        var width = Math.Max(Margin + pictures.Sum(picture => picture.Width + Margin), WidthOf(caption) + (2 * Margin));
        var row = new Mat(CaptionHeight + pictures.Max(picture => picture.Height) + Margin, width, MatType.CV_8UC3, Scalar.All(255));
        Cv2.PutText(row, caption, new Point(Margin, CaptionHeight - 7), HersheyFonts.HersheySimplex, CaptionSize, Scalar.All(40), 1, LineTypes.AntiAlias);
        var x = Margin;
        foreach (var picture in pictures)
        {
            using var place = row[new Rect(x, CaptionHeight, picture.Width, picture.Height)];
            picture.CopyTo(place);
            x += picture.Width + Margin;
        }

        _rows.Add(row);
    }

    /// <summary>All rows in one picture, which the caller disposes of.</summary>
    public Mat ToPicture()
    {
        var width = _rows.Max(row => row.Width);
        Mat[] padded = [.. _rows.Select(row => row.CopyMakeBorder(0, 0, 0, width - row.Width, BorderTypes.Constant, Scalar.All(255)))];
        var picture = new Mat();
        Cv2.VConcat(padded, picture);
        Array.ForEach(padded, row => row.Dispose());
        return picture;
    }

    public void Dispose() => _rows.ForEach(row => row.Dispose());

    private static int WidthOf(string caption) => Cv2.GetTextSize(caption, HersheyFonts.HersheySimplex, CaptionSize, 1, out _).Width;
}
