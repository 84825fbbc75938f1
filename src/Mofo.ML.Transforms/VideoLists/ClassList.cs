using System.Globalization;

namespace Mofo.ML.Transforms.VideoLists;

/// <summary>The classes of a data set: a file with one name a line, whose line number from 0 is the class index.</summary>
internal sealed class ClassList
{
    private readonly string _file;
    private readonly List<string> _names;
    private readonly HashSet<string> _known;

    private ClassList(string file, List<string> names) => (_file, _names, _known) = (file, names, [.. names]);

    /// <summary>The names in the order of their indices.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <exception cref="InvalidDataException">The file has no names, a blank line between names, or a name twice.</exception>
    public static ClassList Read(string path)
    {
        var names = TextLines.Read(path).Select(l => l.Trim()).ToList();
        while (names.Count > 0 && names[^1].Length == 0)
        {
            names.RemoveAt(names.Count - 1);
        }

        if (names.Count == 0)
        {
            throw new InvalidDataException($"Class names '{path}': the file is empty; expected one name a line.");
        }

        var first = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i].Length == 0)
            {
                throw new InvalidDataException(Invariant($"Class names '{path}', line {i + 1}: blank; the line number is the class index, so every line needs a name."));
            }

            if (!first.TryAdd(names[i], i))
            {
                throw new InvalidDataException(Invariant($"Class names '{path}', line {i + 1}: '{names[i]}' is already on line {first[names[i]] + 1}."));
            }
        }

        return new ClassList(path, names);
    }

    /// <summary>The name for an index written as text; a class name stays as it is.</summary>
    /// <exception cref="FormatException">Neither an index in range nor a known name; to be completed with file and line.</exception>
    public string NameOf(string label)
    {
        if (_known.Contains(label))
        {
            return label;
        }

        return int.TryParse(label, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < _names.Count
            ? _names[index]
            : throw new FormatException(Invariant($"has the label '{label}', which is neither a class name of '{_file}' nor an index from 0 to {_names.Count - 1}"));
    }
}
