using Mofo.ML.Trainers.Drawing;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.Drawing;
using Mofo.ML.Transforms.Video;
using OpenCvSharp;

namespace Mofo.ML.Trainers.Finetuning;

/// <summary>Draws what a classifier looked at over the frames of a video: a map in colours, the square that the network saw, the motion box.</summary>
internal static class ExplanationOverlay
{
    private const double MapShare = 0.45;
    private const int SmallestSide = 240;

    private static readonly Scalar BoxColour = new(0, 214, 255);
    private static readonly Scalar WindowColour = new(200, 200, 200);

    /// <summary>Writes explained frames in two rows: class activation above, attention of the fusion below.</summary>
    public static void SaveRows(ClipExplanation explanation, string path)
    {
        Picture.CheckEnding(path);
        ExplainedFrame[] shown = [.. LabelledRows.Spread(explanation.Frames)];
        using var reader = FrameReader.Open(explanation.VideoPath);
        reader.ReusesMemory = true; // what is drawn on is a copy
        int[] indices = [.. shown.Select(frame => frame.Index)];
        var frames = reader.ReadAt(indices, frame => Picture.FromRgb(frame.Width, frame.Height, frame.Pixels));
        try
        {
            using var rows = new LabelledRows();
            Add(Invariant($"class activation: {explanation.ClassName}, probability {explanation.Probability:0.00}"), frame => frame.Activation);
            Add("attention of the fusion; yellow: motion box, grey: what the network sees", frame => frame.Attention);
            using var picture = rows.ToPicture();
            Picture.Save(picture, path);

            void Add(string caption, Func<ExplainedFrame, IReadOnlyList<float>> map) =>
                rows.Add(caption, shown.Zip(frames), pair => Draw(pair.Second, explanation, pair.First, map(pair.First)));
        }
        finally
        {
            Array.ForEach([.. frames.Distinct()], frame => frame.Dispose());
        }
    }

    /// <summary>Writes the whole video with the class activation over it; between two explained frames the map of the nearest one stays.</summary>
    public static void SaveVideo(ClipExplanation explanation, string path)
    {
        using var reader = FrameReader.Open(explanation.VideoPath);
        reader.ReusesMemory = true; // what is drawn on is a copy
        using var output = new VideoOutput(path, reader.FramesPerSecond);
        for (var index = 0; reader.TryRead(out var frame); index++)
        {
            var nearest = explanation.Frames.MinBy(explained => Math.Abs(explained.Index - index))!;
            using var picture = Picture.FromRgb(frame.Width, frame.Height, frame.Pixels);
            using var drawn = Draw(picture, explanation, nearest, nearest.Activation);
            output.Write(drawn);
        }

        output.Finish();
    }

    private static Mat Draw(Mat frame, ClipExplanation explanation, ExplainedFrame explained, IReadOnlyList<float> map)
    {
        using var drawn = frame.Clone();
        AddMap(drawn, Pixels(explanation.Window).Intersect(new Rect(0, 0, frame.Width, frame.Height)), explanation.GridSize, map);

        // Small frames are enlarged, so that boxes are thin lines.
        var scale = Math.Max(1, (int)Math.Ceiling((double)SmallestSide / Math.Min(frame.Width, frame.Height)));
        var large = new Mat();
        Cv2.Resize(drawn, large, new Size(frame.Width * scale, frame.Height * scale), 0, 0, InterpolationFlags.Cubic);
        Cv2.Rectangle(large, Pixels(explanation.Window.Scale(scale, scale)), WindowColour, 1);
        if (!explained.Box.IsEmpty)
        {
            Cv2.Rectangle(large, Pixels(explained.Box.Scale(scale, scale)), BoxColour, 2);
        }

        return large;
    }

    private static void AddMap(Mat picture, Rect window, int gridSize, IReadOnlyList<float> map)
    {
        using var grid = Mat.FromPixelData(gridSize, gridSize, MatType.CV_32FC1, map.ToArray());
        using var smooth = new Mat();
        using var grey = new Mat();
        using var heat = new Mat();
        using var seen = new Mat(picture, window);
        Cv2.Resize(grid, smooth, window.Size, 0, 0, InterpolationFlags.Linear);
        smooth.ConvertTo(grey, MatType.CV_8UC1, 255);
        Cv2.ApplyColorMap(grey, heat, ColormapTypes.Jet);
        Cv2.AddWeighted(seen, 1 - MapShare, heat, MapShare, 0, seen);
    }

    private static Rect Pixels(MotionBox box) => new((int)box.X1, (int)box.Y1, (int)Math.Ceiling(box.Width), (int)Math.Ceiling(box.Height));
}
