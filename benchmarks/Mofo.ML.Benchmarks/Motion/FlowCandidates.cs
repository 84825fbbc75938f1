using Mofo.ML.Transforms.OpticalFlow;

namespace Mofo.ML.Benchmarks.Motion;

/// <summary>The flows that are compared; the first is the reference.</summary>
internal static class FlowCandidates
{
    public const string Reference = "tvl1";

    public static IReadOnlyList<(string Name, FlowMaker Make)> All { get; } =
    [
        (Reference, (w, h) => new TvL1Flow(w, h)),
        ("farneback", (w, h) => new FarnebackFlow(w, h)),
        ("farneback/2", (w, h) => new ReducedFlow(w, h, (hw, hh) => new FarnebackFlow(hw, hh))),
        ("dis", (w, h) => new DisFlow(w, h)),
        ("dis 1x1", (w, h) => new DisFlow(w, h, new DisParameters(Warps: 1))),
        ("dis 2x2", (w, h) => new DisFlow(w, h, new DisParameters(Filterings: 2))),
        ("dis 3x1", (w, h) => new DisFlow(w, h, new DisParameters(Warps: 3))),
        ("dis 2x1x20", (w, h) => new DisFlow(w, h, new DisParameters(Refinements: 20))),
        ("dis full", (w, h) => new DisFlow(w, h, new DisParameters(FinestLevel: 0))),
    ];

    public static IEnumerable<(string Name, FlowMaker Make)> Named(string? names) =>
        names is null ? All : names.Split(';').Select(name => All.First(c => c.Name == name));
}
