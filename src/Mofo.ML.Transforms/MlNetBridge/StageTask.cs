namespace Mofo.ML.Transforms.MlNetBridge;

/// <summary>What a stage does, in words and rules for its passes.</summary>
/// <param name="Title">Name of its progress.</param>
/// <param name="Output">What a video that cannot be read has none of, for the count at the end of a pass.</param>
/// <param name="OnBadVideo">What happens to such a video.</param>
internal sealed record StageTask(string Title, string Output, BadVideoHandling OnBadVideo);
