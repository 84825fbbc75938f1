namespace Mofo.ML.Cli.Commands;

/// <summary>Names of the files that a command writes, so that no video's file replaces another's; case makes no difference, as on many disks.</summary>
internal sealed class OutputNames
{
    private readonly HashSet<string> _taken = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The stem where it is free, else with the first number from 2 that is.</summary>
    public string For(string stem)
    {
        var name = stem;
        for (var i = 2; !_taken.Add(name); i++)
        {
            name = Invariant($"{stem}-{i}");
        }

        return name;
    }
}
