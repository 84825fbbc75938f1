namespace Mofo.ML.Trainers.Metrics;

/// <summary>One row for each video: texts first, then numbers.</summary>
/// <param name="TextColumns">Names of the text columns; the first, the video, is never null.</param>
/// <param name="NumberColumns">Names of the number columns; a class may be called as a text column is.</param>
/// <param name="Rows">The rows.</param>
internal sealed record VideoTable<T>(IReadOnlyList<string> TextColumns, IReadOnlyList<string> NumberColumns, IReadOnlyList<VideoTableRow<T>> Rows)
    where T : struct, ISpanFormattable;

/// <summary>A row of a <see cref="VideoTable{T}"/>; a text that is not known is null.</summary>
internal readonly record struct VideoTableRow<T>(IReadOnlyList<string?> Texts, IReadOnlyList<T> Numbers)
    where T : struct, ISpanFormattable;
