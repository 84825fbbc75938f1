using Mofo.ML.Transforms.Clips;

namespace Mofo.ML.Trainers.Augmentation;

/// <summary>Sizes of one normalised clip, float32 [C, T, H, W].</summary>
internal readonly record struct ClipShape(int Channels, int Frames, int Height, int Width)
{
    public int Length => Channels * Frames * Height * Width;

    /// <summary>The row y of the window in every frame of every channel, as ranges into the clip's values.</summary>
    public IEnumerable<Range> Rows(CropWindow window)
    {
        for (var plane = 0; plane < Channels * Frames; plane++)
        {
            for (var y = window.Y; y < window.Y + window.Height; y++)
            {
                var start = (((plane * Height) + y) * Width) + window.X;
                yield return start..(start + window.Width);
            }
        }
    }
}
