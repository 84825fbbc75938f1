using Mofo.ML.Tests.Shared;
using Mofo.ML.Transforms.OpticalFlow;
using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms.Tests.OpticalFlow;

/// <summary>One clip of the golden pack: frames and the TV-L1 flows of the original.</summary>
internal sealed class GoldenFlows
{
    private readonly string _clip;

    private GoldenFlows(string clip) => _clip = clip;

    public string Name => Path.GetFileName(_clip);

    /// <summary>All clips of the pack; skips the test when there is none.</summary>
    public static IReadOnlyList<GoldenFlows> All() =>
        [.. Directory.EnumerateDirectories(GoldenPack.PathOf("motion")).Where(d => File.Exists(Path.Combine(d, "flow_pairs_f16.npz"))).Order().Select(d => new GoldenFlows(d))];

    public IReadOnlyList<Frame> Frames()
    {
        using var reader = FrameReader.Open(Path.Combine(_clip, "frames"));
        return reader.ReadAt([.. Enumerable.Range(0, reader.DeclaredFrameCount)], frame => frame);
    }

    /// <summary>Flow i from frame i to i + 1; only those that the pack holds in full.</summary>
    public IEnumerable<(int Pair, FlowField Flow)> Pairs()
    {
        using var npz = new NpzFile(Path.Combine(_clip, "flow_pairs_f16.npz"));
        foreach (var name in npz.Names.Order())
        {
            var array = npz[name];
            var values = array.ToSingles();
            var flow = new FlowField((int)array.Shape[1], (int)array.Shape[0]);
            for (var i = 0; i < flow.X.Length; i++)
            {
                (flow.X[i], flow.Y[i]) = (values[2 * i], values[(2 * i) + 1]);
            }

            yield return (int.Parse(name.Split('_')[^1]), flow);
        }
    }

    public (byte[] X, byte[] Y) Levels(int pair)
    {
        using var npz = new NpzFile(Path.Combine(_clip, "flow_u8.npz"));
        var (x, y) = (npz["x"], npz["y"]);
        var size = (int)(x.Shape[1] * x.Shape[2]);
        return (x.Bytes[(pair * size)..((pair + 1) * size)], y.Bytes[(pair * size)..((pair + 1) * size)]);
    }
}
