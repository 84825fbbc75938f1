using System.Globalization;

namespace Mofo.ML.Transforms;

/// <summary>A video that cannot be used: missing, empty, not a video, truncated, damaged or too short.</summary>
public sealed class VideoException : Exception
{
    /// <summary>Names the file and what is wrong with it.</summary>
    /// <param name="file">The path as the caller gave it.</param>
    /// <param name="reason">What was found and what was expected; no full stop.</param>
    /// <param name="row">Row of the data view that names the file, counted from 0, where known.</param>
    /// <param name="innerException">The decoder's own error, if it raised one.</param>
    public VideoException(string file, string reason, long? row = null, Exception? innerException = null)
        : base(MessageOf(file, reason, row), innerException)
    {
        File = file;
        Reason = reason;
        Row = row;
    }

    /// <summary>The path as the caller gave it.</summary>
    public string File { get; }

    /// <summary>What is wrong with the file.</summary>
    public string Reason { get; }

    /// <summary>Row of the data view that names the file, counted from 0; null where the file was read by itself.</summary>
    public long? Row { get; }

    /// <summary>The same error with the row that names the file.</summary>
    /// <param name="row">Row of the data view, counted from 0.</param>
    /// <returns>A new exception that keeps this one as its inner exception.</returns>
    public VideoException WithRow(long row) => new(File, Reason, row, this);

    private static string MessageOf(string file, string reason, long? row) =>
        row is { } number ? string.Create(CultureInfo.InvariantCulture, $"File '{file}' (row {number}): {reason}.") : $"File '{file}': {reason}.";
}
