using OpenCvSharp;

namespace ActionRecognition.Baselines;

/// <summary>Where and when pixels of a video change: mean absolute differences of neighbouring frames on a coarse grid.</summary>
internal static class FrameDifferences
{
    private const int Cells = 8;
    private const int Times = 4;
    private const int Side = 128;

    /// <summary>Numbers per video.</summary>
    public const int Count = Times * Cells * Cells;

    /// <summary>The grid of a video: time, row, column; null where fewer than two frames can be read.</summary>
    public static double[]? Of(string path)
    {
        using var video = new VideoCapture(path);
        using var frame = new Mat();
        using var grey = new Mat();
        using var before = new Mat();
        using var difference = new Mat();
        using var cells = new Mat();
        var grids = new List<float[]>();
        while (video.IsOpened() && video.Read(frame))
        {
            Cv2.CvtColor(frame, grey, ColorConversionCodes.BGR2GRAY);
            Cv2.Resize(grey, grey, new Size(Side, Side), 0, 0, InterpolationFlags.Area);
            if (!before.Empty())
            {
                Cv2.Absdiff(grey, before, difference);
                difference.ConvertTo(difference, MatType.CV_32FC1);
                Cv2.Resize(difference, cells, new Size(Cells, Cells), 0, 0, InterpolationFlags.Area);
                grids.Add(cells.AsSpan<float>().ToArray());
            }

            grey.CopyTo(before);
        }

        return grids.Count == 0 ? null : Pool(grids);
    }

    private static double[] Pool(List<float[]> grids)
    {
        var pooled = new double[Count];
        for (var time = 0; time < Times; time++)
        {
            var first = time * grids.Count / Times;
            var last = Math.Max(first + 1, (time + 1) * grids.Count / Times);
            for (var cell = 0; cell < Cells * Cells; cell++)
            {
                // The root keeps a few strong changes from drowning all others.
                pooled[(time * Cells * Cells) + cell] = Math.Sqrt(grids[first..last].Average(grid => grid[cell]));
            }
        }

        return pooled;
    }
}
