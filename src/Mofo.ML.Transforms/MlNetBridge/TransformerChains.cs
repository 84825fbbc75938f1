using Microsoft.ML;

namespace Mofo.ML.Transforms.MlNetBridge;

/// <summary>Looks into chains of transformers.</summary>
internal static class TransformerChains
{
    /// <summary>The transformers of a chain in their order, those of chains within it in their place; a single transformer is a chain of one.</summary>
    public static IEnumerable<ITransformer> Flatten(ITransformer model) => model is IEnumerable<ITransformer> chain ? chain.SelectMany(Flatten) : [model];
}
