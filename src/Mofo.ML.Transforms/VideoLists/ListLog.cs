namespace Mofo.ML.Transforms.VideoLists;

/// <summary>Where a reader says what it did not take.</summary>
/// <param name="Info">For what is skipped on purpose, such as comments.</param>
/// <param name="Warning">For files that may have been meant as videos.</param>
internal sealed record ListLog(Action<string> Info, Action<string> Warning);
