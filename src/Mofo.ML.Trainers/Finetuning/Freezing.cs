using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Model.Layers;
using Mofo.ML.Trainers.Training.Optimizer;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Finetuning;

/// <summary>Holds layers of a classifier still: no gradient, no optimiser state, no drop path.</summary>
internal static class Freezing
{
    private const string Head = "head.";

    /// <summary>Switches the gradients of the frozen weights off; the backward pass then ends above them.</summary>
    public static void Apply(VideoClassifier model, MofoFinetuningOptions options)
    {
        foreach (var (name, parameter) in model.named_parameters())
        {
            parameter.requires_grad = !IsFrozen(name, options);
        }
    }

    /// <summary>Puts the model into training mode, frozen blocks excepted: nothing is dropped where nothing learns.</summary>
    public static void Train(VideoClassifier model, MofoFinetuningOptions options)
    {
        model.train();
        foreach (var (name, part) in model.named_modules())
        {
            if (part is TransformerBlock && IsFrozen(name + ".", options))
            {
                part.eval();
            }
        }
    }

    /// <summary>Whether the weight of this name (or the block, with a dot at the end) stays as it is.</summary>
    public static bool IsFrozen(string name, MofoFinetuningOptions options)
    {
        var depth = options.Model.Depth;
        var layer = ParameterGroups.LayerOf(name, depth);
        return options.Frozen switch
        {
            FrozenLayers.None => false,
            FrozenLayers.Encoder => layer <= depth,
            FrozenLayers.AllButHead => !name.StartsWith(Head, StringComparison.Ordinal),
            FrozenLayers.FirstBlocks => layer <= options.FrozenBlocks,
            _ => throw new ArgumentOutOfRangeException(nameof(options), options.Frozen, "unknown"),
        };
    }
}
