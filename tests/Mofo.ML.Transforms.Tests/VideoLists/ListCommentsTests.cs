using Mofo.ML.Tests.Shared;
using Mofo.ML.Transforms.Tests.Video;
using Mofo.ML.Transforms.VideoLists;

namespace Mofo.ML.Transforms.Tests.VideoLists;

public sealed class ListCommentsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RecordedLog _log = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("#20_Rhythm_clap.avi 0")]
    [InlineData("#20_Rhythm_clap.avi")]
    [InlineData("#clip, 0")] // exists
    [InlineData("# clip, 0")] // exists, with a blank after the #
    [InlineData("\"#note\" 0")]
    public void Videos_whose_names_begin_with_a_number_sign_are_rows(string line)
    {
        File.WriteAllText(_folder.File("#clip"), "");
        File.WriteAllText(_folder.File("# clip"), "");
        Assert.StartsWith("#", Assert.Single(Read(line + "\n")));
        Assert.Empty(_log.Infos.Concat(_log.Warnings));
    }

    [Theory]
    [InlineData("#")]
    [InlineData("##")]
    [InlineData("# made on Monday")]
    [InlineData("#made 3")]
    [InlineData("# a.mp4 0")]
    [InlineData("#path label of what we have")]
    [InlineData("#\"open")]
    public void Comments_are_counted_and_named(string line)
    {
        Assert.Equal(["b.mp4"], Read("b.mp4 1\n" + line + "\n"));
        Assert.EndsWith("passed over 1 comments (a line that begins with # and is no video): line 2.", Assert.Single(_log.Infos));
    }

    [Fact]
    public void A_row_that_was_switched_off_is_no_row_and_a_warning_says_so()
    {
        File.WriteAllText(_folder.File("a.mp4"), "");
        Assert.Equal(["b.mp4"], Read("#a.mp4 0\nb.mp4 1\n"));
        Assert.Contains("passed over 1 rows behind a #", Assert.Single(_log.Warnings), StringComparison.Ordinal);
        Assert.EndsWith(": line 1.", _log.Warnings[0]);
    }

    [Fact]
    public void The_reported_list_has_four_rows() => Assert.Equal(4, VideoListReader.Read(SharedCases.PathOf("13-hash-names/hmdb_flat.csv"), null, null, _log.Log).Count);

    [Fact]
    public void The_reported_pretraining_list_of_VideoMAE_V2_is_read() => Assert.Equal(
        [("a.mp4", null), ("b.mp4", null)],
        VideoListReader.Read(SharedCases.PathOf("18-videomae2-list/v2_pretrain.csv"), null, null, _log.Log).Select(row => (Path.GetFileName(row.VideoPath), row.Label)));

    private List<string> Read(string text)
    {
        File.WriteAllText(_folder.File("list.csv"), text);
        return [.. VideoListReader.Read(_folder.File("list.csv"), null, null, _log.Log).Select(row => Path.GetFileName(row.VideoPath))];
    }
}
