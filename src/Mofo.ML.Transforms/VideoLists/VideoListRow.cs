namespace Mofo.ML.Transforms.VideoLists;

/// <summary>One video of a data set: its full path, or the address of a <see cref="VideoSegment"/>, and its class name (or whatever the list gives as label), null where it has none.</summary>
internal readonly record struct VideoListRow(string VideoPath, string? Label);
