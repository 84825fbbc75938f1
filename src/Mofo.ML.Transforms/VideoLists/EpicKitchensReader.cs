using System.Globalization;
using Mofo.ML.Transforms.Files;
using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms.VideoLists;

/// <summary>Reads the annotations of EPIC-KITCHENS-100 as they are published: every row a segment of a long video.</summary>
/// <remarks>
/// Columns and layout are those of github.com/epic-kitchens/epic-kitchens-100-annotations (README.md) and of its download scripts; the annotations of
/// EPIC-KITCHENS-55, which have <c>uid</c> instead of <c>narration_id</c>, are read too. A video file is cut at <c>start_timestamp</c> and
/// <c>stop_timestamp</c>. A folder of extracted frames has no clock: there <c>start_frame</c> and <c>stop_frame</c> count, which number the extracted
/// frames from 1, both included.
/// </remarks>
internal sealed class EpicKitchensReader
{
    private readonly CsvTable _table;
    private readonly EpicVideos _videos;
    private readonly EpicLabel _label;

    private EpicKitchensReader(CsvTable table, EpicVideos videos, EpicLabel label) => (_table, _videos, _label) = (table, videos, label);

    /// <param name="path">Such as <c>EPIC_100_train.csv</c>.</param>
    /// <param name="videoFolder">The folder with the videos, at any depth.</param>
    /// <param name="label">What the label is.</param>
    /// <param name="log">Receives which videos are missing.</param>
    /// <exception cref="InvalidDataException">A column is missing or a value cannot be used; names file and line.</exception>
    public static IReadOnlyList<EpicSegment> Read(string path, string videoFolder, EpicLabel label, ListLog log)
    {
        try
        {
            var table = CsvTable.Read(path);
            var videos = EpicVideos.Find(videoFolder, Participants(table));
            var reader = new EpicKitchensReader(table, videos, label);
            List<EpicSegment> rows = [.. table.Rows.Select(reader.Segment)];
            videos.Report($"Annotations '{path}'", log);
            return rows.Count > 0 ? rows : throw new InvalidDataException($"Annotations '{path}': there are no rows after the header.");
        }
        catch (FormatException e)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }

    /// <summary>The participant of each video.</summary>
    private static Dictionary<string, string> Participants(CsvTable table)
    {
        var (participant, video) = (table.Column("participant_id"), table.Column("video_id"));
        var all = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var row in table.Rows)
        {
            if (!all.TryAdd(row.Fields[video], row.Fields[participant]) && all[row.Fields[video]] is var first && first != row.Fields[participant])
            {
                throw table.Bad(row, participant, $"'{first}', as an earlier row has it for the video '{row.Fields[video]}'");
            }
        }

        return all;
    }

    private EpicSegment Segment(CsvRow row)
    {
        var id = Text(row, "video_id");
        return new EpicSegment
        {
            NarrationId = _table.Find("narration_id") is null ? Text(row, "uid") : Text(row, "narration_id"),
            ParticipantId = Text(row, "participant_id"),
            VideoId = id,
            VideoPath = Address(row, _videos.PathOf(id)).ToString(),
            Narration = Text(row, "narration"),
            Verb = Text(row, "verb"),
            Noun = Text(row, "noun"),
            Label = LabelOf(row),
        };
    }

    private VideoSegment Address(CsvRow row, string video)
    {
        try
        {
            return _videos.IsFrames(video)
                ? VideoSegment.OfFrames(video, FirstFrame(row) - 1, Number(row, "stop_frame"))
                : VideoSegment.OfSeconds(video, Time(row, "start_timestamp"), Time(row, "stop_timestamp"));
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw _table.Bad(row, _table.Column(_videos.IsFrames(video) ? "stop_frame" : "stop_timestamp"), $"an end of the segment ({e.Message.ReplaceLineEndings(" ")})");
        }
    }

    /// <summary>Empty in the test set, which is published without classes.</summary>
    private string LabelOf(CsvRow row)
    {
        if (_table.Find("verb_class") is null && _table.Find("noun_class") is null)
        {
            return "";
        }

        return _label switch
        {
            EpicLabel.Verb => Invariant($"{Number(row, "verb_class")}"),
            EpicLabel.Noun => Invariant($"{Number(row, "noun_class")}"),
            _ => Invariant($"{Number(row, "verb_class")}:{Number(row, "noun_class")}"),
        };
    }

    private string Text(CsvRow row, string name) => _table.Find(name) is { } column ? row.Fields[column] : "";

    private int Number(CsvRow row, string name)
    {
        var column = _table.Column(name);
        return int.TryParse(row.Fields[column], NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : throw _table.Bad(row, column, "a number");
    }

    private int FirstFrame(CsvRow row) => Number(row, "start_frame") is >= 1 and var first ? first : throw _table.Bad(row, _table.Column("start_frame"), "the number of a frame, from 1");

    private double Time(CsvRow row, string name)
    {
        var column = _table.Column(name);
        return VideoTime.TryParse(row.Fields[column], out var seconds) ? seconds : throw _table.Bad(row, column, "a time (h:mm:ss.fff)");
    }
}
