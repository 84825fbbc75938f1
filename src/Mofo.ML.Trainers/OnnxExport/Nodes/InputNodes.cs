using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Model.Layers;

namespace Mofo.ML.Trainers.OnnxExport.Nodes;

/// <summary>Normalised pixels to what the network sees: the twin of <see cref="SeenClips"/> and <see cref="ClipChanges"/>.</summary>
internal static class InputNodes
{
    /// <summary>[B,3,T,H,W] to [B,3,T,H,W].</summary>
    public static string Write(OnnxGraph graph, ClipInput input, string pixels)
    {
        if (input == ClipInput.Pixels)
        {
            return pixels;
        }

        var rest = graph.Node("Sub", [pixels, graph.Node("ReduceMean", [pixels, graph.Shape(2)])]);
        var power = graph.Node("ReduceMean", [graph.Node("Mul", [rest, rest]), graph.Shape(1, 2, 3, 4)]);
        var strength = graph.Node("Add", [graph.Node("Sqrt", [power]), graph.Constant((float)ClipChanges.Floor)]);
        return graph.Node("Div", [rest, strength]);
    }
}
