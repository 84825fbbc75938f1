using Mofo.ML.Trainers;

namespace TrainOnManyMachines.Planning;

/// <summary>What a pretraining has to compute, exchange and decode.</summary>
/// <param name="Name">For tables.</param>
/// <param name="Clips">Clips in all: videos times epochs.</param>
/// <param name="Batch">Clips in a step of all GPUs together.</param>
/// <param name="FlopsPerClip">Multiplications and additions of forward and backward pass.</param>
/// <param name="Parameters">Weights whose gradients are exchanged.</param>
/// <param name="DecodeSeconds">Seconds of one processor core to decode and augment a clip.</param>
/// <param name="BytesPerClip">What is read from the disk for it.</param>
internal sealed record TrainingJob(string Name, double Clips, int Batch, double FlopsPerClip, double Parameters, double DecodeSeconds, double BytesPerClip)
{
    /// <summary>The masked autoencoder of a preset.</summary>
    /// <param name="name">For tables.</param>
    /// <param name="network">Sizes.</param>
    /// <param name="videos">Videos in the data set.</param>
    /// <param name="epochs">Passes over it.</param>
    /// <param name="batch">Clips in a step.</param>
    /// <param name="decodeSeconds">Core seconds a clip.</param>
    /// <param name="bytesPerClip">Bytes of a video.</param>
    /// <param name="maskRatio">Share of hidden tubes.</param>
    public static TrainingJob Pretraining(string name, VitConfig network, double videos, int epochs, int batch, double decodeSeconds, double bytesPerClip, double maskRatio = 0.9)
    {
        var side = network.ImageSize / network.PatchSize;
        double slices = network.Frames / network.TubeletSize, cells = side * side;
        var (tokens, visible) = (slices * cells, slices * (cells - Math.Floor(cells * maskRatio)));
        double pixels = 3 * network.TubeletSize * network.PatchSize * network.PatchSize, wide = network.EmbedDim, narrow = network.DecoderDim;
        var forward = (2 * visible * pixels * wide)
            + (network.Depth * Block(visible, wide, network.MlpRatio))
            + (2 * visible * wide * narrow)
            + (network.DecoderDepth * Block(tokens, narrow, network.MlpRatio))
            + (2 * (tokens - visible) * narrow * pixels);

        // The backward pass has two products for each of the forward pass.
        return new(name, videos * epochs, batch, 3 * forward, CountParameters(network, pixels), decodeSeconds, bytesPerClip);
    }

    /// <summary>Products of one block: 4 + 2 ratio squares of the width for each token, and twice tokens squared times width for attention.</summary>
    private static double Block(double tokens, double width, double ratio) => (2 * tokens * (4 + (2 * ratio)) * width * width) + (4 * tokens * tokens * width);

    private static double CountParameters(VitConfig network, double pixels)
    {
        double wide = network.EmbedDim, narrow = network.DecoderDim;
        return (pixels * wide) + (network.Depth * Weights(wide)) + (wide * narrow) + (network.DecoderDepth * Weights(narrow)) + (narrow * pixels);

        double Weights(double width) => (4 + (2 * network.MlpRatio)) * width * width; // biases and norms are below a hundredth
    }
}
