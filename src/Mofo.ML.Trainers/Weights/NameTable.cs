using System.Globalization;

namespace Mofo.ML.Trainers.Weights;

/// <summary>How another code base names the tensors that the original names <c>blocks.0.norm1.weight</c> and so on: starts of names, pair by pair.</summary>
/// <param name="Blocks">What stands before the number of a block.</param>
/// <param name="InBlock">What stands after the number of a block.</param>
/// <param name="OutsideBlocks">Starts of the names that belong to no block.</param>
internal sealed record NameTable(NamePair[] Blocks, NamePair[] InBlock, NamePair[] OutsideBlocks)
{
    /// <summary>The original's name; names that are not in the table stay.</summary>
    public string ToOriginal(string name) => Rename(name, pair => (pair.Other, pair.Original));

    /// <summary>The other code's name; names that are not in the table stay.</summary>
    public string FromOriginal(string name) => Rename(name, pair => (pair.Original, pair.Other));

    private string Rename(string name, Func<NamePair, (string From, string To)> direction)
    {
        foreach (var (from, to) in Blocks.Select(direction))
        {
            if (name.StartsWith(from, StringComparison.Ordinal) && name.IndexOf('.', from.Length) is var dot and > 0
                && int.TryParse(name.AsSpan(from.Length, dot - from.Length), NumberStyles.None, CultureInfo.InvariantCulture, out _))
            {
                return to + name[from.Length..(dot + 1)] + Replace(name[(dot + 1)..], InBlock.Select(direction));
            }
        }

        return Replace(name, OutsideBlocks.Select(direction));
    }

    private static string Replace(string name, IEnumerable<(string From, string To)> table)
    {
        var (from, to) = table.FirstOrDefault(pair => name.StartsWith(pair.From, StringComparison.Ordinal));
        return from is null ? name : to + name[from.Length..];
    }
}

/// <summary>The start of a name in the original and in another code base.</summary>
internal readonly record struct NamePair(string Original, string Other);
