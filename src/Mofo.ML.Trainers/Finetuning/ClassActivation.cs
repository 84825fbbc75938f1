using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Model.Fusion;
using Mofo.ML.Trainers.Training.Feed;
using Mofo.ML.Transforms.Scoring;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Finetuning;

/// <summary>Grad-CAM (Selvaraju et al. 2017) over the tokens of the last block, and the weights of the fusion.</summary>
/// <remarks>
/// A channel counts by the mean over tokens of the class score's gradient; a token's activation is the weighted sum of its channels where positive.
/// Gradients go to the tokens alone, so that several threads may ask one model.
/// </remarks>
internal sealed class ClassActivation(VideoClassifier model, VitConfig config, Device device)
{
    /// <summary>Maps of one view, scaled to [0, 1], in token order.</summary>
    /// <param name="view">Pixels and boxes.</param>
    /// <param name="wanted">The class; null for the likeliest.</param>
    public ActivationMaps Of(ViewClip view, int? wanted)
    {
        using var scope = NewDisposeScope();
        var inside = TokenRegions.Inside(config, [view.Boxes], device);
        Tensor tokens, attention;
        using (no_grad())
        {
            tokens = model.Tokens(SeenClips.Of(PixelBatch.Stack([view.Pixels], config, device), config.Input)); // [1,N,C]
            attention = model.FusionWeights(tokens, inside); // [1,N]
        }

        tokens = tokens.detach().requires_grad_(true);
        var logits = model.Classify(tokens, inside); // [1,K]
        var probabilities = logits.detach().softmax(-1).cpu().data<float>().ToArray();
        var chosen = wanted ?? System.Numerics.Tensors.TensorPrimitives.IndexOfMax(probabilities);
        var gradient = autograd.grad([logits.narrow(1, chosen, 1).sum()], [tokens])[0]; // [1,N,C]
        using var frozen = no_grad();
        var activation = (gradient.mean([1], keepdim: true) * tokens).sum(-1).relu(); // [1,N]
        return new ActivationMaps(chosen, probabilities[chosen], Scaled(activation), Scaled(attention));
    }

    private static float[] Scaled(Tensor map)
    {
        var values = map.to(ScalarType.Float32).cpu().data<float>().ToArray();
        var largest = values.Max();
        return largest > 0 ? Array.ConvertAll(values, value => value / largest) : values;
    }
}

/// <summary>Maps over the tokens of a clip, [N] each, in [0, 1].</summary>
internal sealed record ActivationMaps(int Class, double Probability, float[] Activation, float[] Attention);
