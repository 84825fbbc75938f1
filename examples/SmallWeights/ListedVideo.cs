namespace SmallWeights;

/// <summary>A video to learn from.</summary>
internal sealed class ListedVideo
{
    public string VideoPath { get; set; } = "";
}
