using Mofo.ML.Trainers.Masking;
using Mofo.ML.Trainers.Model.Layers;
using Mofo.ML.Transforms;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Model.Fusion;

/// <summary>Which tokens of a clip lie inside its motion boxes: those whose patch the box overlaps in any frame that the token spans.</summary>
internal static class TokenRegions
{
    /// <summary>Marks the tokens of a batch, and counts them on the host. -> [B,N] bool on the device.</summary>
    /// <inheritdoc cref="Inside"/>
    public static RegionMask Of(VitConfig config, IReadOnlyList<IReadOnlyList<MotionBox>> boxes, Device device)
    {
        var marks = Marks(config, boxes);
        var (largestInside, largestContext) = (0, 0);
        for (var clip = 0; clip < boxes.Count; clip++)
        {
            var count = marks.AsSpan(clip * config.Tokens, config.Tokens).Count(true);
            largestInside = Math.Max(largestInside, count);
            largestContext = Math.Max(largestContext, count == config.Tokens ? count : config.Tokens - count);
        }

        return new RegionMask(OnDevice(marks, boxes.Count, config, device), largestInside, largestContext);
    }

    /// <summary>Marks the tokens of a batch. -> [B,N] bool on the device.</summary>
    /// <param name="config">Grid, frames and tubelet size.</param>
    /// <param name="boxes">Per clip the boxes of its frames in pixels of the clip: one per frame, a single one for all frames, or none.</param>
    /// <param name="device">Where the tensor goes.</param>
    public static Tensor Inside(VitConfig config, IReadOnlyList<IReadOnlyList<MotionBox>> boxes, Device device) =>
        OnDevice(Marks(config, boxes), boxes.Count, config, device);

    private static Tensor OnDevice(bool[] marks, int clips, VitConfig config, Device device) => tensor(marks, [clips, config.Tokens]).SentTo(device);

    private static bool[] Marks(VitConfig config, IReadOnlyList<IReadOnlyList<MotionBox>> boxes)
    {
        var inside = new bool[boxes.Count * config.Tokens];
        for (var clip = 0; clip < boxes.Count; clip++)
        {
            Mark(config, boxes[clip], inside.AsSpan(clip * config.Tokens, config.Tokens));
        }

        return inside;
    }

    /// <summary>Sets the entries of the tokens inside; one entry per token. What lies outside the frame is clipped.</summary>
    public static void Mark(VitConfig config, IReadOnlyList<MotionBox> boxes, Span<bool> tokens)
    {
        if (boxes.Count is not 0 and not 1 && boxes.Count != config.Frames)
        {
            throw new ArgumentException(Invariant($"A clip of {config.Frames} frames has {boxes.Count} motion boxes; it needs one per frame, one for all, or none."), nameof(boxes));
        }

        var grid = config.Grid;
        for (var frame = 0; frame < config.Frames && boxes.Count > 0; frame++)
        {
            var slice = frame / config.TubeletSize;
            grid.MarkOverlapped(boxes[boxes.Count == 1 ? 0 : frame], tokens.Slice(slice * grid.Cells, grid.Cells));
        }
    }
}
