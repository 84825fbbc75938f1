using Mofo.ML.Reliability.Summary;

namespace Mofo.ML.Reliability.Fuzzing;

/// <summary>How far the inputs of one parser have come; kept in a file, so that a campaign goes on where it stopped.</summary>
internal sealed class FuzzState
{
    public string Parser { get; init; } = "";

    public int Seed { get; init; }

    /// <summary>Inputs done, all those below this number.</summary>
    public long Done { get; set; }

    /// <summary>Inputs that were read without an error.</summary>
    public long Read { get; set; }

    /// <summary>Inputs that were refused with the documented exception.</summary>
    public long Refused { get; set; }

    /// <summary>At how many places of the code inputs were refused, in one run: what was reached.</summary>
    public int Places { get; set; }

    public double Seconds { get; set; }

    public double SlowestMilliseconds { get; set; }

    public long LargestAllocation { get; set; }

    /// <summary>Inputs at which the process died; passed over when it starts again.</summary>
    public List<long> Fatal { get; init; } = [];

    public List<Finding> Findings { get; init; } = [];

    public static FuzzState Load(string folder, string parser, int seed)
    {
        var state = JsonFile.Read<FuzzState>(PathOf(folder, parser));
        return state is null ? new FuzzState { Parser = parser, Seed = seed }
            : state.Seed == seed ? state
            : throw new InvalidOperationException($"{PathOf(folder, parser)} is of a campaign with the seed {state.Seed}; continue that one, or choose another --out.");
    }

    public void Save(string folder) => JsonFile.Write(PathOf(folder, Parser), this);

    /// <summary>Counts a finding; of each kind the first few are kept.</summary>
    public void Add(Finding finding)
    {
        const int KeptOfKind = 3;
        const int Kinds = 100;
        var same = Findings.Where(f => f.Kind == finding.Kind).ToList();
        if (same.Count > 0)
        {
            same[0].Count++;
        }

        if (same.Count < KeptOfKind && Findings.Count < Kinds * KeptOfKind)
        {
            Findings.Add(finding);
        }
    }

    private static string PathOf(string folder, string parser) => Path.Combine(folder, "fuzz", parser + ".json");
}

/// <summary>Something that went wrong.</summary>
/// <param name="Kind">Findings with the same kind have the same cause, most likely.</param>
/// <param name="Index">Number of the input.</param>
/// <param name="Detail">For people.</param>
internal sealed record Finding(string Kind, long Index, string Detail)
{
    /// <summary>In the first of a kind: how many there were.</summary>
    public long Count { get; set; } = 1;
}
