using System.Text;

namespace Mofo.ML.Transforms.VideoLists;

/// <summary>The class names of a data set: one a line, the line number from 0 is the class index.</summary>
internal sealed class ClassNames
{
    private readonly string _file;
    private readonly List<string> _names;
    private readonly HashSet<string> _known;

    private ClassNames(string file, List<string> names) => (_file, _names, _known) = (file, names, [.. names]);

    /// <summary>The names in the order of their indices.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <exception cref="InvalidDataException">The file has no names, a blank line between names, or a name twice.</exception>
    public static ClassNames Read(string path)
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
                throw new InvalidDataException($"Class names '{path}', line {i + 1}: blank; the line number is the class index, so every line needs a name.");
            }

            if (!first.TryAdd(names[i], i))
            {
                throw new InvalidDataException($"Class names '{path}', line {i + 1}: '{names[i]}' is already on line {first[names[i]] + 1}.");
            }
        }

        return new ClassNames(path, names);
    }

    /// <summary>The name for an index written as text; a class name stays as it is.</summary>
    /// <exception cref="FormatException">Neither an index in range nor a known name; to be completed with file and line.</exception>
    public string NameOf(string label)
    {
        if (_known.Contains(label))
        {
            return label;
        }

        return int.TryParse(label, out var index) && index >= 0 && index < _names.Count
            ? _names[index]
            : throw new FormatException($"has the label '{label}', which is neither a class name of '{_file}' nor an index from 0 to {_names.Count - 1}");
    }
}

/// <summary>Lines of a UTF-8 text file, with or without byte order mark, with any line ends.</summary>
internal static class TextLines
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="InvalidDataException">The file is not UTF-8.</exception>
    public static string[] Read(string path)
    {
        try
        {
            return File.ReadAllLines(path, Strict);
        }
        catch (DecoderFallbackException e)
        {
            throw new InvalidDataException($"'{path}' is not a UTF-8 text file.", e);
        }
    }
}
