using OpenCvSharp;

namespace Mofo.ML.Trainers.Drawing;

/// <summary>Rows of pictures under each other, each row with a caption; text is in the stroke font of OpenCV, because a small machine has no font files.</summary>
internal sealed class LabelledRows : IDisposable
{
    private const int Margin = 6;
    private const int CaptionHeight = 24;
    private const double CaptionSize = 0.5;

    private readonly List<Mat> _rows = [];

    /// <summary>Frames of a row at most.</summary>
    private const int MostFrames = 8;

    /// <summary>At most as many frames as a row has room for, at equal distances.</summary>
    public static IEnumerable<T> Spread<T>(IReadOnlyCollection<T> frames)
    {
        var step = Math.Max(1, (int)Math.Ceiling(frames.Count / (double)MostFrames));
        return frames.Where((_, i) => i % step == 0);
    }

    /// <summary>Adds a row of pictures that are drawn for it; all have one height.</summary>
    public void Add<T>(string caption, IEnumerable<T> items, Func<T, Mat> draw)
    {
        var drawn = new List<Mat>();
        try
        {
            foreach (var item in items)
            {
                drawn.Add(draw(item));
            }

            Add(caption, drawn);
        }
        finally
        {
            drawn.ForEach(picture => picture.Dispose());
        }
    }

    private void Add(string caption, List<Mat> pictures)
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
