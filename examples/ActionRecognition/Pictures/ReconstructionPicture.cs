using OpenCvSharp;

namespace ActionRecognition.Pictures;

/// <summary>Draws what the pretrained model saw and made of it: frames of a clip in three rows.</summary>
internal static class ReconstructionPicture
{
    private const int Margin = 6;
    private const int Caption = 22;

    /// <summary>Writes the rows as PNG; each row has the same number of frames.</summary>
    public static void Save(
        IReadOnlyList<RgbPicture> original, IReadOnlyList<RgbPicture> masked, IReadOnlyList<RgbPicture> reconstructed, string path)
    {
        var (cell, columns) = (Math.Max(112, original[0].Width), original.Count);
        using var canvas = new Canvas(Margin + (columns * (cell + Margin)), 3 * (Caption + cell + Margin));
        var y = 0;
        foreach (var (caption, frames) in new[] { ("original", original), ("what the encoder sees", masked), ("reconstructed", reconstructed) })
        {
            canvas.Text(caption, Margin, y + 16);
            for (var i = 0; i < columns; i++)
            {
                using var frame = frames[i].ToMat();
                canvas.Paste(frame, new Rect(Margin + (i * (cell + Margin)), y + Caption, cell, cell));
            }

            y += Caption + cell + Margin;
        }

        canvas.Save(path);
    }
}
