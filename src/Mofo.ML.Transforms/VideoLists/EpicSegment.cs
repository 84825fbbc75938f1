namespace Mofo.ML.Transforms.VideoLists;

/// <summary>A row of the annotations of EPIC-KITCHENS-100, as a row of a view.</summary>
internal sealed class EpicSegment
{
    public string NarrationId { get; set; } = "";

    public string ParticipantId { get; set; } = "";

    public string VideoId { get; set; } = "";

    public string VideoPath { get; set; } = "";

    public string Narration { get; set; } = "";

    public string Verb { get; set; } = "";

    public string Noun { get; set; } = "";

    public string Label { get; set; } = "";
}
