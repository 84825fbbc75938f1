using static Mofo.ML.Trainers.OnnxExport.Schema.TensorProto.Types;

namespace Mofo.ML.Trainers.OnnxExport.Products;

/// <summary>How the matrix products of the network are written: number type of activations and weights.</summary>
internal interface IProducts
{
    /// <summary>Type of what goes into a product and comes out of it. Norms, sums and softmax over classes stay in float32.</summary>
    DataType Activations { get; }

    /// <summary>[..,in] to [..,out].</summary>
    string Linear(OnnxGraph graph, LinearLayer layer, string input);
}
