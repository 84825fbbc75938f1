using Mofo.ML.Trainers;
using Mofo.ML.Transforms;
using OpenCvSharp;

namespace LookInside;

/// <summary>Draws what a classifier looked at over the frames of a video: a map in colours, the square that the network saw, the motion box.</summary>
internal static class Overlay
{
    private const double MapShare = 0.45;
    private const int SmallestSide = 240;

    private static readonly Scalar BoxColour = new(0, 214, 255);
    private static readonly Scalar WindowColour = new(200, 200, 200);

    /// <summary>The chosen frames side by side, each map in a row of its own: class activation above, attention of the fusion below.</summary>
    public static void SavePicture(ClipExplanation explanation, string path)
    {
        var rows = new[] { Frames(explanation, frame => frame.Activation), Frames(explanation, frame => frame.Attention) };
        using var picture = new Mat();
        var strips = rows.Select(Beside).ToArray();
        Cv2.VConcat(strips, picture);
        Require(Cv2.ImWrite(path, picture), path);
        Array.ForEach(strips, strip => strip.Dispose());
        Array.ForEach(rows, row => Array.ForEach(row, frame => frame.Dispose()));
    }

    /// <summary>The whole video with the class activation over it; between two explained frames the nearest one's map stays.</summary>
    public static void SaveVideo(ClipExplanation explanation, string path)
    {
        using var source = new VideoCapture(explanation.VideoPath);
        using var frame = new Mat();
        VideoWriter? writer = null;
        for (var index = 0; source.Read(frame); index++)
        {
            var nearest = explanation.Frames.MinBy(explained => Math.Abs(explained.Index - index))!;
            using var drawn = Draw(frame, explanation, nearest, nearest.Activation);
            writer ??= new VideoWriter(path, FourCC.FromString("mp4v"), source.Fps > 0 ? source.Fps : 25, drawn.Size());
            Require(writer.IsOpened(), path);
            writer.Write(drawn);
        }

        writer?.Dispose();
    }

    private static Mat[] Frames(ClipExplanation explanation, Func<ExplainedFrame, IReadOnlyList<float>> map)
    {
        using var source = new VideoCapture(explanation.VideoPath);
        using var frame = new Mat();
        var drawn = new List<Mat>();
        for (var index = 0; source.Read(frame); index++)
        {
            drawn.AddRange(explanation.Frames.Where(explained => explained.Index == index).Select(explained => Draw(frame, explanation, explained, map(explained))));
        }

        return [.. drawn];
    }

    private static Mat Draw(Mat frame, ClipExplanation explanation, ExplainedFrame explained, IReadOnlyList<float> map)
    {
        var window = Pixels(explanation.Window).Intersect(new Rect(0, 0, frame.Width, frame.Height));
        var drawn = frame.Clone();
        using (var grid = Mat.FromPixelData(explanation.GridSize, explanation.GridSize, MatType.CV_32FC1, map.ToArray()))
        using (var smooth = new Mat())
        using (var grey = new Mat())
        using (var heat = new Mat())
        using (var seen = new Mat(drawn, window))
        {
            Cv2.Resize(grid, smooth, window.Size, 0, 0, InterpolationFlags.Linear);
            smooth.ConvertTo(grey, MatType.CV_8UC1, 255);
            Cv2.ApplyColorMap(grey, heat, ColormapTypes.Jet);
            Cv2.AddWeighted(seen, 1 - MapShare, heat, MapShare, 0, seen);
        }

        // Small frames are enlarged, so that boxes and text are thin lines; even sides, as video codecs want them.
        var scale = Math.Max(1, (int)Math.Ceiling((double)SmallestSide / Math.Min(frame.Width, frame.Height)));
        var large = new Mat();
        Cv2.Resize(drawn, large, new Size(frame.Width * scale / 2 * 2, frame.Height * scale / 2 * 2), 0, 0, InterpolationFlags.Cubic);
        drawn.Dispose();
        Cv2.Rectangle(large, Pixels(explanation.Window.Scale(scale, scale)), WindowColour, 1);
        if (!explained.Box.IsEmpty)
        {
            Cv2.Rectangle(large, Pixels(explained.Box.Scale(scale, scale)), BoxColour, 2);
        }

        Cv2.PutText(large, $"{explanation.ClassName} {explanation.Probability:0.00}", new Point(6, 18), HersheyFonts.HersheySimplex, 0.5, Scalar.White, 1, LineTypes.AntiAlias);
        return large;
    }

    private static Mat Beside(Mat[] frames)
    {
        var strip = new Mat();
        Cv2.HConcat(frames, strip);
        return strip;
    }

    private static Rect Pixels(MotionBox box) => new((int)box.X1, (int)box.Y1, (int)Math.Ceiling(box.Width), (int)Math.Ceiling(box.Height));

    private static void Require(bool done, string path)
    {
        if (!done)
        {
            throw new IOException($"{path} could not be written.");
        }
    }
}
