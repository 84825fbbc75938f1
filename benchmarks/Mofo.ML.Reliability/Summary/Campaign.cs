namespace Mofo.ML.Reliability.Summary;

/// <summary>What all parts of a campaign share.</summary>
/// <param name="Folder">For state, samples, findings and the summary.</param>
/// <param name="Seed">Decides about everything that is random.</param>
internal sealed record Campaign(string Folder, int Seed)
{
    public void Say(string line)
    {
        Console.WriteLine(line);
        Console.Out.Flush();
    }

    /// <summary>Where a part keeps its state.</summary>
    public string StateOf(string part) => Path.Combine(Folder, part + ".json");
}
