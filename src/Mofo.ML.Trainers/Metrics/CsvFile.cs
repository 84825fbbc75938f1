using System.Globalization;
using Mofo.ML.Transforms.Files;
using nietras.SeparatedValues;

namespace Mofo.ML.Trainers.Metrics;

/// <summary>A file of comma-separated values (RFC 4180) with invariant numbers, replaced as a whole.</summary>
internal static class CsvFile
{
    /// <summary>Writes a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="rows">Writes all rows, the one of the names too, and sets fields by number: a class may be called as a column is.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string path, Action<SepWriter> rows) => AtomicFile.Write(path, stream =>
    {
        using var writer = Sep.New(',')
            .Writer(options => options with { Escape = true, WriteHeader = false, CultureInfo = CultureInfo.InvariantCulture })
            .To(stream, leaveOpen: true);
        rows(writer);
    });
}
