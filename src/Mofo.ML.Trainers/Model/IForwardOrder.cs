using TorchSharp.Modules;

namespace Mofo.ML.Trainers.Model;

/// <summary>A model that does not register its parts in the order in which its forward pass uses them.</summary>
internal interface IForwardOrder
{
    /// <summary>All parameters in the order of the forward pass: none that follows a block's in the list is used before the block.</summary>
    IEnumerable<Parameter> ParametersInOrder { get; }

    /// <summary>Those of any model.</summary>
    static IEnumerable<Parameter> Of(TorchSharp.torch.nn.Module model) => model is IForwardOrder ordered ? ordered.ParametersInOrder : model.parameters();
}
