using Mofo.ML.Trainers;

namespace Mofo.ML.Benchmarks.Steps;

/// <summary>Multiplications and additions that the mathematics asks for, in 10^9 per clip; norms, softmax and the like left out, recomputation too.</summary>
internal static class StepArithmetic
{
    /// <summary>Forward and backward of one pretraining clip; the backward pass costs twice the forward one.</summary>
    public static double Pretraining(VitConfig c, int visible)
    {
        var masked = c.Tokens - visible;
        var embedding = 2.0 * visible * c.PixelsPerToken * c.EmbedDim; // its input needs no gradient
        var rest = (c.Depth * Block(c, visible, c.EmbedDim)) + (2.0 * visible * c.EmbedDim * c.DecoderDim)
            + (c.DecoderDepth * Block(c, c.Tokens, c.DecoderDim)) + (2.0 * masked * c.DecoderDim * c.PixelsPerToken);
        return ((2 * embedding) + (3 * rest)) * 1e-9;
    }

    public static double Scoring(VitConfig c) => ((2.0 * c.Tokens * c.PixelsPerToken * c.EmbedDim) + (c.Depth * Block(c, c.Tokens, c.EmbedDim))) * 1e-9;

    public static double Finetuning(VitConfig c) => (3 * Scoring(c)) - (2e-9 * c.Tokens * c.PixelsPerToken * c.EmbedDim);

    private static double Block(VitConfig c, double tokens, double width) =>
        (2 * tokens * width * width * (4 + (2 * c.MlpRatio))) + (4 * tokens * tokens * width);
}
