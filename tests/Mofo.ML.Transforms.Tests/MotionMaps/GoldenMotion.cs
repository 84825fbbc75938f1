using Mofo.ML.Tests.Shared;
using Mofo.ML.Transforms.MotionMaps;
using Mofo.ML.Transforms.OpticalFlow;
using OpenCvSharp;

namespace Mofo.ML.Transforms.Tests.MotionMaps;

/// <summary>The clips of part G of the golden pack: sizes, quantised flows, maps and frames.</summary>
internal sealed class GoldenMotion
{
    private readonly string _name;
    private readonly byte[] _x;
    private readonly byte[] _y;

    private GoldenMotion(string name)
    {
        _name = name;
        using var flow = GoldenPack.Npz($"motion/{name}/flow_u8.npz");
        var x = flow["x"];
        (Pairs, Height, Width) = ((int)x.Shape[0], (int)x.Shape[1], (int)x.Shape[2]);
        (_x, _y) = (x.Bytes, flow["y"].Bytes);
    }

    public int Pairs { get; }

    public int Width { get; }

    public int Height { get; }

    public static IEnumerable<GoldenMotion> Clips() =>
        Directory.GetDirectories(GoldenPack.PathOf("motion")).Select(Path.GetFileName).Where(name => name != "synthetic")
            .Order(StringComparer.Ordinal).Select(name => new GoldenMotion(name!));

    public System.Text.Json.Nodes.JsonNode Json(string file) => GoldenPack.Json($"motion/{_name}/{file}");

    public NpzFile Npz(string file) => GoldenPack.Npz($"motion/{_name}/{file}");

    public string PathOf(string file) => GoldenPack.PathOf($"motion/{_name}/{file}");

    /// <summary>The flow picture's levels 0..255 as a flow field.</summary>
    public FlowField Levels(int pair, bool xIsLost = false)
    {
        var flow = new FlowField(Width, Height);
        for (var i = 0; i < flow.X.Length; i++)
        {
            flow.X[i] = xIsLost ? 128 : _x[(pair * flow.X.Length) + i];
            flow.Y[i] = _y[(pair * flow.X.Length) + i];
        }

        return flow;
    }

    public List<float[]> Maps(bool xIsLost = false)
    {
        var builder = new MotionMapBuilder(Width, Height, window: 8, border: 8);
        var maps = new List<float[]>();
        for (var pair = 0; pair < Pairs; pair++)
        {
            builder.Add(Levels(pair, xIsLost));
            Drain();
        }

        builder.Complete();
        Drain();
        return maps;

        void Drain()
        {
            while (builder.TryTake(out var map))
            {
                maps.Add([.. map.Values]);
            }
        }
    }

    public byte[] Picture(int frame)
    {
        using var image = Cv2.ImRead(PathOf($"frames/{frame:000}.png"), ImreadModes.Color);
        image.GetArray(out Vec3b[] pixels);
        return [.. pixels.SelectMany(p => new[] { p.Item2, p.Item1, p.Item0 })];
    }
}
