using Microsoft.ML;
using Mofo.ML.Transforms.Tests.Video;
using Mofo.ML.Transforms.VideoLists;

namespace Mofo.ML.Transforms.Tests.VideoLists;

public sealed class EpicKitchensReaderTests : IDisposable
{
    /// <summary>The columns of EPIC_100_train.csv.</summary>
    private const string Header =
        "narration_id,participant_id,video_id,narration_timestamp,start_timestamp,stop_timestamp,start_frame,stop_frame,narration,verb,verb_class,noun,noun_class,all_nouns,all_noun_classes\n";

    private const string Rows =
        "P01_01_0,P01,P01_01,00:00:01.089,00:00:00.14,00:00:03.37,8,202,open door,open,3,door,3,['door'],[3]\n" +
        "P01_01_1,P01,P01_01,00:00:02.629,00:00:04.37,00:00:06.17,262,370,turn on light,turn-on,6,light,114,['light'],[114]\n" +
        "P02_103_7,P02,P02_103,00:01:00.500,01:00:59.30,01:01:02.000,3047,3180,\"take cup, then put \"\"it\"\" down\",take,0,cup,13,\"['cup', 'table']\",\"[13, 6]\"\n";

    private readonly TemporaryFolder _folder = new();
    private readonly RecordedLog _log = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_published_annotations_are_read_as_they_are()
    {
        Make("videos/P01/videos/P01_01.MP4", "videos/P02/P02_103.mp4");
        var rows = Read(Header + Rows);
        Assert.Equal(
            ["P01/videos/P01_01.MP4#t=0.14,3.37", "P01/videos/P01_01.MP4#t=4.37,6.17", "P02/P02_103.mp4#t=3659.3,3662"],
            rows.Select(row => Path.GetRelativePath(_folder.File("videos"), row.VideoPath)));
        Assert.Equal(["3:3", "6:114", "0:13"], rows.Select(row => row.Label));
        Assert.Equal(("P02_103_7", "P02", "P02_103", "take cup, then put \"it\" down", "take", "cup"), (rows[2].NarrationId, rows[2].ParticipantId, rows[2].VideoId, rows[2].Narration, rows[2].Verb, rows[2].Noun));
        Assert.Empty(_log.Warnings);
    }

    [Theory]
    [InlineData(EpicLabel.Verb, "6")]
    [InlineData(EpicLabel.Noun, "114")]
    [InlineData(EpicLabel.Action, "6:114")]
    public void The_label_is_the_class_that_was_asked_for(EpicLabel label, string expected)
    {
        Make("videos/P01_01.MP4", "videos/P02_103.MP4");
        Assert.Equal(expected, Read(Header + Rows, label)[1].Label);
    }

    [Fact]
    public void Folders_of_extracted_frames_are_cut_by_the_numbers_of_their_frames()
    {
        Make("videos/P01/rgb_frames/P01_01/frame_0000000001.jpg", "videos/P02/P02_103.mp4");
        Assert.Equal("P01/rgb_frames/P01_01#frames=7,202", Path.GetRelativePath(_folder.File("videos"), Read(Header + Rows)[0].VideoPath));
    }

    [Fact]
    public void Frames_are_counted_from_1()
    {
        Make("videos/P01/rgb_frames/P01_01/frame_0000000001.jpg");
        const string Columns = "participant_id,video_id,start_timestamp,stop_timestamp,start_frame,stop_frame\n";
        Assert.EndsWith("#frames=0,5", Assert.Single(Read(Columns + "P01,P01_01,0,1,1,5\n")).VideoPath, StringComparison.Ordinal);
        Assert.Contains(
            "line 2: column 'start_frame' is '0', which is not the number of a frame, from 1.", Assert.Throws<InvalidDataException>(() => Read(Columns + "P01,P01_01,0,1,0,5\n")).Message, StringComparison.Ordinal);
        Assert.Contains(
            "line 2: column 'stop_frame' is '3', which is not an end of the segment", Assert.Throws<InvalidDataException>(() => Read(Columns + "P01,P01_01,0,1,4,3\n")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Videos_that_are_not_there_or_there_twice_are_counted_and_named()
    {
        Make("videos/P02/P02_103.mp4", "videos/copies/P02_103.mp4");
        var rows = Read(Header + Rows);
        Assert.Equal("P01/videos/P01_01.MP4#t=0.14,3.37", Path.GetRelativePath(_folder.File("videos"), rows[0].VideoPath));
        Assert.Contains(_log.Warnings, w => w.EndsWith("passed over 1 videos that are not there; their rows fail when they are read: P01_01.", StringComparison.Ordinal));
        Assert.Contains(_log.Warnings, w => w.Contains("passed over 1 videos because another of the same id comes first", StringComparison.Ordinal));
    }

    [Fact]
    public void The_test_set_has_no_classes()
    {
        Make("videos/P01_11.MP4");
        var row = Assert.Single(Read(
            "narration_id,participant_id,video_id,narration_timestamp,start_timestamp,stop_timestamp,start_frame,stop_frame\nP01_11_0,P01,P01_11,00:00:00.000,00:00:00.00,00:00:01.89,1,113\n"));
        Assert.Equal(("", "P01_11.MP4#t=0,1.89"), (row.Label, Path.GetFileName(row.VideoPath)));
    }

    [Fact]
    public void The_annotations_of_EPIC_KITCHENS_55_have_a_number_in_place_of_the_name_of_a_narration()
    {
        Make("videos/P01/P01_01.MP4");
        var row = Assert.Single(Read(
            "uid,participant_id,video_id,narration,start_timestamp,stop_timestamp,start_frame,stop_frame,verb,verb_class,noun,noun_class,all_nouns,all_noun_classes\n"
            + "6374,P01,P01_01,stir vegetables,00:02:08.36,00:02:11.12,7701,7867,stir,20,vegetable,45,\"['vegetable']\",\"[45]\"\n"));
        Assert.Equal(("6374", "20:45", "P01/P01_01.MP4#t=128.36,131.12"), (row.NarrationId, row.Label, Path.GetRelativePath(_folder.File("videos"), row.VideoPath)));
    }

    [Theory]
    [InlineData("participant_id,video_id\nP01,P01_01\n", "has no column 'start_timestamp'")]
    [InlineData("participant_id\nP01\n", "has no column 'video_id'")]
    [InlineData("participant_id,video_id,start_timestamp,stop_timestamp\nP01,P01_01,soon,1\n", "line 2: column 'start_timestamp' is 'soon', which is not a time (h:mm:ss.fff).")]
    [InlineData("participant_id,video_id,start_timestamp,stop_timestamp\nP01,P01_01,2,1\n", "line 2: column 'stop_timestamp' is '1', which is not an end of the segment")]
    [InlineData("participant_id,video_id,start_timestamp,stop_timestamp,verb_class,noun_class\nP01,P01_01,1,2,open,3\n", "line 2: column 'verb_class' is 'open', which is not a number.")]
    [InlineData("participant_id,video_id,start_timestamp,stop_timestamp\nP01,P01_01,1,2\nP02,P01_01,2,3\n", "line 3: column 'participant_id' is 'P02', which is not 'P01', as an earlier row has it for the video 'P01_01'.")]
    [InlineData("participant_id,video_id,start_timestamp,stop_timestamp\n", "there are no rows after the header")]
    [InlineData("", "is empty")]
    public void What_cannot_be_used_is_named_with_file_and_line(string text, string problem)
    {
        Make("videos/P01_01.MP4");
        var message = Assert.Throws<InvalidDataException>(() => Read(text)).Message;
        Assert.Contains(problem, message, StringComparison.Ordinal);
        Assert.Contains("annotations.csv", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_view_of_segments_has_the_columns_of_the_annotations()
    {
        Make("videos/P01_01.MP4", "videos/P02_103.MP4");
        File.WriteAllText(_folder.File("annotations.csv"), Header + Rows);
        var view = new MLContext().Data.LoadEpicKitchens(_folder.File("annotations.csv"), _folder.File("videos"), EpicLabel.Verb);
        Assert.Equal(["NarrationId", "ParticipantId", "VideoId", "VideoPath", "Narration", "Verb", "Noun", "Label"], view.Schema.Select(column => column.Name));
        Assert.Equal(3, view.GetRowCount());
        Assert.Throws<DirectoryNotFoundException>(() => new MLContext().Data.LoadEpicKitchens(_folder.File("annotations.csv"), _folder.File("nowhere")));
        Assert.Throws<FileNotFoundException>(() => new MLContext().Data.LoadEpicKitchens(_folder.File("nowhere.csv"), _folder.File("videos")));
    }

    private IReadOnlyList<EpicSegment> Read(string text, EpicLabel label = EpicLabel.Action)
    {
        File.WriteAllText(_folder.File("annotations.csv"), text);
        return EpicKitchensReader.Read(_folder.File("annotations.csv"), _folder.File("videos"), label, _log.Log);
    }

    private void Make(params string[] names)
    {
        foreach (var name in names)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(name))!);
            File.WriteAllText(_folder.File(name), "");
        }
    }
}
