using System.Runtime.InteropServices;
using Mofo.ML.Trainers.Masking;
using Mofo.ML.Trainers.Model.Fusion;
using static Mofo.ML.Trainers.OnnxExport.Schema.TensorProto.Types;

namespace Mofo.ML.Trainers.OnnxExport.Nodes;

/// <summary>Which tokens lie inside the motion boxes: the twin of <see cref="TokenRegions"/> and <see cref="PatchGrid.MarkOverlapped"/>.</summary>
internal static class RegionNodes
{
    /// <summary>Boxes [B,T,4] in pixels of the clip to [B,N] bool; a box without area marks nothing.</summary>
    public static string Inside(NetworkWriter writer, VitConfig config, string boxes)
    {
        var graph = writer.Graph;
        var side = config.ImageSize / config.PatchSize;
        var edges = graph.Nodes("Split", [boxes], 4, [Attributes.Of("axis", 2L), Attributes.Of("num_outputs", 4L)]); // x1, y1, x2, y2: [B,T,1]
        var cells = graph.Weight(new OnnxWeight(
            "cells", DataType.Float, [1, 1, side], () => MemoryMarshal.AsBytes<float>([.. Enumerable.Range(0, side).Select(i => (float)i)]).ToArray()));
        var columns = Overlapped(edges[0], edges[2]); // [B,T,G]
        var rows = Overlapped(edges[1], edges[3]);
        var both = And(graph.Node("Unsqueeze", [rows, graph.Shape(3)]), graph.Node("Unsqueeze", [columns, graph.Shape(2)])); // [B,T,G,G]
        var frames = graph.Node("Reshape", [writer.Cast(both, DataType.Float), graph.Shape(-1, config.TimeSlices, config.TubeletSize, side * side)]);
        var slices = graph.Node("ReduceMax", [frames, graph.Shape(2)], [Attributes.Of("keepdims", 0L)]); // a token spans several frames
        var tokens = graph.Node("Reshape", [slices, graph.Shape(-1, config.Tokens)]);
        return graph.Node("Greater", [tokens, graph.Constant(0.5f)], named: "inside");

        string Overlapped(string from, string to)
        {
            var patch = graph.Constant((float)config.PatchSize);
            var first = graph.Node("LessOrEqual", [graph.Node("Floor", [graph.Node("Div", [from, patch])]), cells]);
            var last = graph.Node("Greater", [graph.Node("Ceil", [graph.Node("Div", [to, patch])]), cells]);
            return And(And(first, last), graph.Node("Greater", [to, from]));
        }

        string And(string left, string right) => graph.Node("And", [left, right]);
    }
}
