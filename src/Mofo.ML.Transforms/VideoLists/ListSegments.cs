using System.Globalization;
using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms.VideoLists;

/// <summary>The columns of a list that say which part of a video a row is about.</summary>
/// <remarks>Seconds, or <c>h:mm:ss.fff</c>, where there are columns for times; else numbers of frames, from 0, the end not included. An empty field leaves that end open.</remarks>
internal sealed class ListSegments
{
    private static readonly string[] StartTimes = ["start", "starttime", "starttimestamp", "startsec", "startseconds", "timestart", "segmentstart", "begin"];
    private static readonly string[] EndTimes = ["end", "endtime", "endtimestamp", "endsec", "endseconds", "timeend", "segmentend", "stop", "stoptime", "stoptimestamp"];
    private static readonly string[] StartFrames = ["startframe", "framestart", "firstframe"];
    private static readonly string[] EndFrames = ["endframe", "frameend", "stopframe"];

    private readonly bool _inFrames;
    private readonly int _start;
    private readonly int _end;

    /// <param name="names">Names of all columns, without case, blanks, '_' and '-'.</param>
    public ListSegments(IEnumerable<string> names)
    {
        string[] all = [.. names];
        (_start, _end) = (Find(StartTimes), Find(EndTimes));
        _inFrames = !Any;
        if (_inFrames)
        {
            (_start, _end) = (Find(StartFrames), Find(EndFrames));
        }

        int Find(string[] known) => Array.FindIndex(all, name => known.Contains(name));
    }

    /// <summary>Whether there are such columns.</summary>
    public bool Any => _start >= 0 || _end >= 0;

    public bool Reads(int column) => column == _start || column == _end;

    /// <summary>The address of the part of a video that a row is about; the path alone where the row leaves both ends open.</summary>
    /// <exception cref="FormatException">The fields are no segment; to be completed with file and line.</exception>
    public string Address(string path, List<string> fields, string[] names)
    {
        try
        {
            return !Any ? path
                : _inFrames ? VideoSegment.OfFrames(path, Frame(_start), Frame(_end)).ToString()
                : VideoSegment.OfSeconds(path, Time(_start), Time(_end)).ToString();
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new FormatException($"has a segment that cannot be used: {e.Message.ReplaceLineEndings(" ").TrimEnd('.')}", e);
        }

        double? Time(int column) => column < 0 || fields[column].Length == 0 ? null
            : VideoTime.TryParse(fields[column], out var seconds) ? seconds
            : throw new FormatException($"has '{fields[column]}' in column '{names[column]}'; expected seconds or h:mm:ss.fff");

        int? Frame(int column) => column < 0 || fields[column].Length == 0 ? null
            : int.TryParse(fields[column], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
            : throw new FormatException($"has '{fields[column]}' in column '{names[column]}'; expected the number of a frame");
    }
}
