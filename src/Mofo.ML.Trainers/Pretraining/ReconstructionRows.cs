using Mofo.ML.Trainers.Drawing;
using Mofo.ML.Transforms.Drawing;
using OpenCvSharp;

namespace Mofo.ML.Trainers.Pretraining;

/// <summary>Draws a clip, what the encoder saw of it, and what the model made of that.</summary>
internal static class ReconstructionRows
{
    /// <summary>Small frames are enlarged to this side, so that people see something.</summary>
    private const int ShownSide = 112;

    private const int Quality = 90;

    public static void Save(Reconstruction made, string path)
    {
        using var picture = Draw(made);
        Picture.Save(picture, path);
    }

    public static byte[] ToWebP(Reconstruction made)
    {
        using var picture = Draw(made);
        return Picture.ToWebP(picture, Quality);
    }

    private static Mat Draw(Reconstruction made)
    {
        using var rows = new LabelledRows();
        Add("original", made.Original);
        Add(Invariant($"what the encoder sees: {1 - made.MaskedShare:0%} of the tubes"), made.Masked);
        Add("rebuilt", made.Rebuilt);
        return rows.ToPicture();

        void Add(string caption, IReadOnlyList<byte[]> frames) => rows.Add(caption, LabelledRows.Spread(frames), pixels => Enlarged(pixels, made.Size));
    }

    private static Mat Enlarged(byte[] pixels, int size)
    {
        var picture = Picture.FromRgb(size, size, pixels);
        if (size >= ShownSide)
        {
            return picture;
        }

        var large = new Mat();
        Cv2.Resize(picture, large, new Size(ShownSide, ShownSide), interpolation: InterpolationFlags.Cubic);
        picture.Dispose();
        return large;
    }
}
