using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Model.Layers;

/// <summary>A layer that leaves things to chance while it trains. Its chance comes from the random source given, so that a resumed run repeats it.</summary>
internal interface IRandomLayer
{
    /// <summary>Takes its chance from this source from now on.</summary>
    /// <param name="random">Source of chance.</param>
    /// <param name="share">The clips of the batch that come here; null for all. A layer draws for all clips, so that several processes together draw what one does.</param>
    void Reseed(Random random, BatchShare? share);

    /// <summary>Hands one random source to every such layer of a model; call it with a source made from seed and step to make steps repeatable.</summary>
    static void ReseedAll(nn.Module model, Random random, BatchShare? share = null)
    {
        // TorchSharp's modules() are the parts, without the model itself.
        foreach (var layer in model.modules().Prepend(model).OfType<IRandomLayer>())
        {
            layer.Reseed(random, share);
        }
    }
}
