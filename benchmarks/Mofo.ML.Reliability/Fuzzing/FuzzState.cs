using Mofo.ML.Reliability.Summary;

namespace Mofo.ML.Reliability.Fuzzing;

/// <summary>How far the inputs of one parser have come; kept in a file, so that a campaign resumes.</summary>
internal sealed class FuzzState : ISeededState
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

    /// <summary>Inputs at which the process died; skipped when it starts again.</summary>
    public List<long> Fatal { get; init; } = [];

    public List<Finding> Findings { get; init; } = [];

    /// <summary>Of a parser; new where it has not begun.</summary>
    public static FuzzState Load(Campaign campaign, string parser) => campaign.Load<FuzzState>(PartOf(parser)) ?? new FuzzState { Parser = parser, Seed = campaign.Seed };

    /// <summary>The name of a parser's part of the campaign.</summary>
    public static string PartOf(string parser) => Path.Combine("fuzz", parser);

    public void Save(Campaign campaign) => JsonFile.Write(campaign.StateOf(PartOf(Parser)), this);

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
}
