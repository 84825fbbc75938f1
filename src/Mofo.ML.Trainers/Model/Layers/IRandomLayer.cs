using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Model.Layers;

/// <summary>A layer that leaves things to chance while it trains. Its chance comes from the random source given, so that a resumed run repeats it.</summary>
internal interface IRandomLayer
{
    /// <summary>Takes its chance from this source from now on.</summary>
    void Reseed(Random random);

    /// <summary>Hands one random source to every such layer of a model; call it with a source made from seed and step to make steps repeatable.</summary>
    static void ReseedAll(nn.Module model, Random random)
    {
        // TorchSharp's modules() are the parts, without the model itself.
        foreach (var layer in model.modules().Prepend(model).OfType<IRandomLayer>())
        {
            layer.Reseed(random);
        }
    }
}
