using System.Text.Json.Nodes;
using Mofo.ML.Research;

namespace Mofo.ML.Cli.Tests;

/// <summary>Names of what is written: videos of the same name in different folders, and parts of one video, do not replace each other.</summary>
public sealed class OutputNameTests(ClipFolder clips) : IClassFixture<ClipFolder>
{
    [Fact]
    public void Detect_names_each_part_of_a_video_and_draw_writes_a_file_for_each()
    {
        var (json, parts) = (clips.PathOf("parts.json"), Parts());
        _ = Tool.Json(["detect", .. parts, "--out", json]);
        Assert.Equal(["still0#t=0,0.2", "still0#t=0.2,0.4", "still0#frames=0,6"], BoxJson.Read(json).Keys);
        Assert.Equal(
            ["still0-t-0-0.2-motion.png", "still0-t-0.2-0.4-motion.png", "still0-frames-0-6-motion.png"],
            Names(Tool.Json(["draw", .. parts, "--format", "png", "--out", clips.PathOf("drawn-parts")])["files"]!.AsArray()));
    }

    [Fact]
    public void Draw_explain_and_reconstruct_keep_videos_of_the_same_name_apart()
    {
        var (same, classifier, pretrained) = (SameNames(), Path.Combine(clips.Finetuned, "model.zip"), Path.Combine(clips.Pretrained, "model.zip"));
        Assert.Equal(["x-motion.png", "x-2-motion.png"], Names(Tool.Json(["draw", .. same, "--format", "png", "--out", clips.PathOf("drawn-same")])["files"]!.AsArray()));
        var explained = Tool.Json(["explain", classifier, .. same, Parts()[0], "--class", "pan", "--out", clips.PathOf("explained-same")])["videos"]!.AsArray();
        Assert.Equal(["x-pan.png", "x-pan-2.png", "still0-t-0-0.2-pan.png"], Names(explained.Select(video => video!["picture"])));
        var rebuilt = Tool.Json(["reconstruct", pretrained, .. same, Parts()[0], "--out", clips.PathOf("rebuilt-same")])["files"]!.AsArray();
        Assert.Equal(["x-rebuilt.png", "x-2-rebuilt.png", "still0-t-0-0.2-rebuilt.png"], Names(rebuilt));
    }

    /// <summary>Parts of one clip of 12 frames at 25 per second.</summary>
    private string[] Parts() => [clips.Clip + "#t=0,0.2", clips.Clip + "#t=0.2,0.4", clips.Clip + "#frames=0,6"];

    private string[] SameNames() =>
    [
        .. new[] { "a", "b" }.Select(folder =>
        {
            var file = Path.Combine(Directory.CreateDirectory(clips.PathOf(folder)).FullName, "x.avi");
            File.Copy(clips.Clip, file, overwrite: true);
            return file;
        }),
    ];

    /// <summary>The names of files, all of which are there.</summary>
    private static string[] Names(IEnumerable<JsonNode?> files) =>
    [
        .. files.Select(file =>
        {
            Assert.True(File.Exists((string)file!), (string)file!);
            return Path.GetFileName((string)file!);
        }),
    ];
}
