using Mofo.ML.Transforms;
using OpenCvSharp;

namespace ActionRecognition.Pictures;

/// <summary>A frame, its motion map (of any size and scale, row after row) and the box that the detector made of it.</summary>
internal sealed record StripFrame(RgbPicture Picture, int MapWidth, int MapHeight, float[] Map, MotionBox Box);

/// <summary>One clip of the strip: the frames, the box of the whole clip, and the truth where it is known.</summary>
internal sealed record MotionClip(string Title, IReadOnlyList<StripFrame> Frames, MotionBox Union, MotionBox? Truth);

/// <summary>Draws clips as strips: frames with their boxes above, motion maps below.</summary>
internal static class MotionStrip
{
    private const int Margin = 8;
    private const int Caption = 24;

    private static readonly Scalar BoxColour = Canvas.Rgb(255, 214, 0);
    private static readonly Scalar UnionColour = Canvas.Rgb(255, 64, 64);
    private static readonly Scalar TruthColour = Canvas.Rgb(64, 230, 90);

    /// <summary>Writes the strips of all clips, one under the other, as PNG, every frame as many pixels wide as <paramref name="cellWidth"/> says.</summary>
    public static void Save(IReadOnlyList<MotionClip> clips, string path, int cellWidth = 200)
    {
        var cells = clips.Max(clip => clip.Frames.Count);
        var heights = clips.Select(clip => cellWidth * clip.Frames[0].Picture.Height / clip.Frames[0].Picture.Width).ToArray();
        using var canvas = new Canvas(
            Margin + (cells * (cellWidth + Margin)), (2 * Caption) + heights.Sum(h => Caption + (2 * (h + Margin))));
        var y = 0;
        for (var i = 0; i < clips.Count; i++)
        {
            canvas.Text(clips[i].Title, Margin, y + 17);
            Draw(canvas, clips[i], y + Caption, cellWidth, heights[i]);
            y += Caption + (2 * (heights[i] + Margin));
        }

        DrawLegend(canvas, y + Caption, clips.Any(clip => clip.Truth is not null));
        canvas.Save(path);
    }

    private static void Draw(Canvas canvas, MotionClip clip, int y, int width, int height)
    {
        var strongest = clip.Frames.Max(frame => frame.Map.Max());
        for (var i = 0; i < clip.Frames.Count; i++)
        {
            var frame = clip.Frames[i];
            var above = new Rect(Margin + (i * (width + Margin)), y, width, height);
            var below = above with { Y = y + height + Margin };
            using var picture = frame.Picture.ToMat();
            using var heat = Heat(frame, strongest);
            canvas.Paste(picture, above);
            canvas.Paste(heat, below);
            var scale = (double)width / frame.Picture.Width;
            if (clip.Truth is { } truth)
            {
                canvas.Frame(Place(truth, above, scale), TruthColour);
            }

            canvas.Frame(Place(clip.Union, above, scale), UnionColour);
            canvas.Frame(Place(frame.Box, above, scale), BoxColour, thickness: 2);
            canvas.Frame(Place(frame.Box, below, scale), BoxColour);
        }
    }

    private static void DrawLegend(Canvas canvas, int y, bool withTruth)
    {
        double x = Margin;
        foreach (var (text, colour) in new[] { ("box of the frame", BoxColour), ("union over the clip", UnionColour), ("truth (union)", TruthColour) }
            .Take(withTruth ? 3 : 2))
        {
            canvas.Fill(new Rect((int)x, y - 9, 18, 9), colour);
            canvas.Text(text, x + 24, y);
            x += 24 + Canvas.WidthOf(text) + 24;
        }
    }

    private static Rect Place(MotionBox box, Rect cell, double scale)
    {
        var area = new Rect(
            cell.X + (int)Math.Round(box.X1 * scale), cell.Y + (int)Math.Round(box.Y1 * scale),
            (int)Math.Round(box.Width * scale), (int)Math.Round(box.Height * scale));
        return area.Intersect(cell);
    }

    /// <summary>The motion map in colours from dark (none) to light (strongest of the clip).</summary>
    private static Mat Heat(StripFrame frame, float strongest)
    {
        using var map = Mat.FromPixelData(frame.MapHeight, frame.MapWidth, MatType.CV_32FC1, frame.Map);
        using var grey = new Mat();
        map.ConvertTo(grey, MatType.CV_8UC1, 255 / Math.Max(strongest, 1e-6));
        var heat = new Mat();
        Cv2.ApplyColorMap(grey, heat, ColormapTypes.Inferno);
        return heat;
    }
}
