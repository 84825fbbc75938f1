using Mofo.ML.Trainers.Masking;
using Mofo.ML.Transforms;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Model.Fusion;

/// <summary>Which tokens of a clip lie inside its motion boxes: those whose patch the box overlaps in any frame that the token spans.</summary>
internal static class TokenRegions
{
    /// <summary>Marks the tokens of a batch. -> [B,N] bool on the device.</summary>
    /// <param name="config">Grid, frames and tubelet size.</param>
    /// <param name="boxes">Per clip the boxes of its frames in pixels of the clip: one per frame, a single one for all frames, or none.</param>
    /// <param name="device">Where the tensor goes.</param>
    public static Tensor Inside(VitConfig config, IReadOnlyList<IReadOnlyList<MotionBox>> boxes, Device device)
    {
        var inside = new bool[boxes.Count * config.Tokens];
        for (var clip = 0; clip < boxes.Count; clip++)
        {
            Mark(config, boxes[clip], inside.AsSpan(clip * config.Tokens, config.Tokens));
        }

        return tensor(inside, [boxes.Count, config.Tokens], device: device);
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
