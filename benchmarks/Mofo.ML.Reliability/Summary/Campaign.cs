using System.Globalization;

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

    /// <summary>What a part has kept so far; null where it has not begun.</summary>
    /// <exception cref="InvalidOperationException">It is of a campaign with another seed: its inputs were others.</exception>
    public T? Load<T>(string part)
        where T : class, ISeededState
    {
        var state = JsonFile.Read<T>(StateOf(part));
        return state is null || state.Seed == Seed ? state
            : throw new InvalidOperationException(FormattableString.Invariant($"{StateOf(part)} is of a campaign with the seed {state.Seed}; continue that one, or choose another --out."));
    }

    /// <summary>Where the input of a finding is kept, or what is known about it.</summary>
    /// <param name="part">Parser or part of the campaign.</param>
    /// <param name="index">Number of the input.</param>
    /// <param name="extension">Of the file.</param>
    public string FindingFile(string part, long index, string extension = "") =>
        Path.Combine(Directory.CreateDirectory(Path.Combine(Folder, "findings")).FullName, FormattableString.Invariant($"{part}-{Seed}-{index}{extension}"));

    /// <summary>A command of this program for this campaign.</summary>
    public string[] Command(params IEnumerable<string> words) => [.. words, "--out", Folder, "--seed", Seed.ToString(CultureInfo.InvariantCulture)];
}
