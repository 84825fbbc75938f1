using System.Globalization;
using Mofo.ML.Trainers.Model;

namespace Mofo.ML.Trainers.Weights.Facts;

/// <summary>The clips that a stored table of positions was made for, from its number of rows.</summary>
internal static class TrainedGrid
{
    private const int UsualFrames = 16, UsualImageSize = 224;

    /// <summary>
    /// Frames and side of the pictures: 16 frames where the rest is a square, else frames of 224 pixels, else the frames or the side that the user asks for. The published
    /// networks all have 16 frames of 224 pixels.
    /// </summary>
    /// <param name="origin">File, for messages.</param>
    /// <param name="rows">Rows of the table.</param>
    /// <param name="tubelet">Frames that a token spans.</param>
    /// <param name="patch">Side of a patch.</param>
    /// <param name="asked">The size that the user asks for; null where nothing was said.</param>
    /// <exception cref="WeightFileException">No such clip has that number of tokens.</exception>
    public static (int Frames, int ImageSize) Of(string origin, int rows, int tubelet, int patch, VitConfig? asked)
    {
        if (asked is not null && asked.TubeletSize == tubelet && asked.PatchSize == patch && asked.TrainedTokenGrid.Tokens == rows)
        {
            return (asked.PositionFrames ?? asked.Frames, asked.PositionImageSize ?? asked.ImageSize);
        }

        return OfFrames(UsualFrames) ?? OfSide(UsualImageSize) ?? (asked is null ? null : OfFrames(asked.Frames) ?? OfSide(asked.ImageSize))
            ?? throw new WeightFileException(
                origin, Model.Layers.TokenRows.Buffer, string.Create(CultureInfo.InvariantCulture, $"positions of {rows} tokens"),
                string.Create(CultureInfo.InvariantCulture, $"those of square pictures in patches of {tubelet} frames and {patch} pixels; say in PositionFrames and PositionImageSize which clips they are for"));

        (int Frames, int ImageSize)? OfFrames(int frames)
        {
            var slices = frames / tubelet;
            var side = slices > 0 && rows % slices == 0 ? (int)Math.Round(Math.Sqrt(rows / slices)) : 0;
            return side > 0 && slices * side * side == rows ? (frames, side * patch) : null;
        }

        (int Frames, int ImageSize)? OfSide(int imageSize)
        {
            var cells = imageSize / patch * (imageSize / patch);
            return cells > 0 && rows % cells == 0 ? (rows / cells * tubelet, imageSize) : null;
        }
    }
}
