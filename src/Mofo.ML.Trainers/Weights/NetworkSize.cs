using Mofo.ML.Transforms;

namespace Mofo.ML.Trainers.Weights;

/// <summary>Compares a network that a file describes with the weights beside it, before any memory is taken for it: an edited size must not exhaust the machine.</summary>
internal static class NetworkSize
{
    /// <summary>Values of the table of positions, which no weight file holds: 1 GiB in float32, 100 times that of ViT-Huge at 16 frames of 224 pixels.</summary>
    private const double MostPositions = 1 << 28;

    /// <summary>Throws where the weights cannot be those of such a network, or where its clips are beyond reason.</summary>
    /// <exception cref="MofoOptionsException">Names the size and what was found.</exception>
    public static void Require(VitConfig config, long weightBytes)
    {
        // Every block has at least the query, key, value and output matrices; the least that there can be, since layouts differ in the rest.
        var least = 4.0 * config.Depth * config.EmbedDim * config.EmbedDim;
        if (least * sizeof(float) > weightBytes)
        {
            throw new MofoOptionsException(
                nameof(VitConfig), [$"{config.Depth} blocks of width {config.EmbedDim} have at least {least:0} weights; there are {weightBytes} bytes of weights, four for each."]);
        }

        var positions = (double)config.Frames / config.TubeletSize * Math.Pow((double)config.ImageSize / config.PatchSize, 2) * Math.Max(config.EmbedDim, config.DecoderDim);
        if (positions > MostPositions)
        {
            throw new MofoOptionsException(
                nameof(VitConfig), [$"{config.Frames} frames of {config.ImageSize} pixels have positions of {positions:0} values; at most {MostPositions:0} can be used."]);
        }
    }
}
