namespace Mofo.ML.Transforms;

/// <summary>How far a stage has come in one pass over the data.</summary>
/// <param name="VideoPath">The video that is done.</param>
/// <param name="VideosDone">Videos done in this pass, this one included.</param>
/// <param name="VideosSkipped">Those among them that could not be read and were left out.</param>
public sealed record VideoProgress(string VideoPath, int VideosDone, int VideosSkipped);
