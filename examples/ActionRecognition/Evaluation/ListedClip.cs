namespace ActionRecognition.Evaluation;

/// <summary>A clip as the lists name it.</summary>
internal sealed class ListedClip
{
    public string VideoPath { get; set; } = "";

    public string Label { get; set; } = "";
}
