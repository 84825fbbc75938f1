using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Mofo.ML.Research;
using Mofo.ML.Tests.Shared;

namespace Mofo.ML.Transforms.Tests.MotionBoxes;

public class BoxJsonTests
{
    public static Arbitrary<BoxTrack> Tracks() =>
        (from boxes in MotionBoxTests.Boxes().Generator.NonEmptyListOf()
         from fraction in Gen.Elements(0f, 0.5f, 0.123f)
         select new BoxTrack(640, 480, boxes.Select(b => b.Translate(fraction, fraction)), 0.1f, true)).ToArbitrary();

    [Property(Arbitrary = [typeof(BoxJsonTests)], MaxTest = 50)]
    public bool What_is_written_is_read_back(NonEmptyArray<BoxTrack> tracks, NonNull<string> name)
    {
        var named = tracks.Get.Select((track, i) => KeyValuePair.Create($"{i}/{Valid(name.Get)}", track)).ToArray();
        foreach (var mode in new[] { BoxMode.Union, BoxMode.PerFrame })
        {
            var back = Parse(Write(named, mode));
            if (!named.All(pair => back[pair.Key].SequenceEqual(mode == BoxMode.Union ? pair.Value.PerFrame.Select(_ => pair.Value.Union) : pair.Value.PerFrame)))
            {
                return false;
            }
        }

        return true;
    }

    [Fact]
    public void A_list_of_workers_files_is_read_like_the_joined_file()
    {
        const string a = """{"a":[{"labels":[{"box2d":{"x1":1,"y1":2,"x2":3,"y2":4},"gt_annotation":"union"}]},{"labels":[]}]}""";
        const string b = """{"b":[{"name":"0001","labels":[{"category":"hand","box2d":{"x2":30,"x1":10,"y1":20,"y2":40}},{"box2d":{"x1":5,"y1":25,"x2":20,"y2":50}}]}]}""";
        var joined = Parse($"[{a},{b}]");
        Assert.Equal([new MotionBox(1, 2, 3, 4), MotionBox.Empty], joined["a"]);
        Assert.Equal([new MotionBox(5, 20, 30, 50)], joined["b"]); // two labels: the hull
        Assert.Equal(joined["a"], Parse(a)["a"]);
    }

    [Theory]
    [InlineData("", "no valid JSON")]
    [InlineData("{", "no valid JSON")]
    [InlineData("7", "found Number, where an object or a list of objects was expected")]
    [InlineData("""{"a":[{"labels":[{"box2d":{"x1":1,"y1":2,"x2":3}}]}]}""", "video 'a': found a box without four finite coordinates")]
    [InlineData("""{"a":[{"labels":[{"box2d":{"x1":1,"y1":2,"x2":3,"y2":"4"}}]}]}""", "video 'a': found String, where a number was expected")]
    [InlineData("""{"a":[{"labels":[{"box2d":{"left":1}}]}]}""", "the coordinate 'left'")]
    [InlineData("""{"a":[],"a":[]}""", "video 'a': found the same video twice")]
    public void What_is_wrong_is_named(string json, string message)
    {
        var error = Assert.Throws<InvalidDataException>(() => Parse(json));
        Assert.Contains(message, error.Message);
        Assert.Contains("'boxes.json'", error.Message);
    }

    [Theory]
    [InlineData("{\"\\ud800\":[]}")]
    [InlineData("{\"a\":[{\"\\udc00\\ud800\":1,\"labels\":[{\"box2d\":{\"\\ud800\":1}}]}]}")]
    [InlineData("{\"\u00FF\u00FE\":[]}")] // written as Latin-1: no UTF-8
    [InlineData("{\"\u00ED\u00A0\u0080\":[]}")]
    public void Names_that_are_no_valid_text_are_refused_like_other_damage(string json) =>
        Assert.Contains("no valid JSON", Assert.Throws<InvalidDataException>(() => BoxJson.Parse(Encoding.Latin1.GetBytes(json), "boxes.json")).Message, StringComparison.Ordinal);

    private static string Valid(string name) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(name)); // lone surrogates are no text

    private static string Write(IEnumerable<KeyValuePair<string, BoxTrack>> tracks, BoxMode mode)
    {
        using var stream = new MemoryStream();
        BoxJson.Write(stream, tracks, mode);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static Dictionary<string, IReadOnlyList<MotionBox>> Parse(string json) => BoxJson.Parse(Encoding.UTF8.GetBytes(json), "boxes.json");
}

public class BoxJsonConformanceTests
{
    [Theory]
    [InlineData("Unsupervised_BB_SSV2.json", "ssv2")]
    [InlineData("Unsupervised_BB_EPIC_100.json", "epic")]
    public void The_files_of_the_original_are_read_and_written_byte_for_byte(string file, string rules)
    {
        foreach (var clip in MotionMaps.GoldenMotion.Clips())
        {
            var (name, boxes) = BoxJson.Read(clip.PathOf(file)).Single();
            var union = clip.Json("boxes.json")["intended"]![rules]!["union"]!.AsArray().Select(v => (float)v!).ToArray();
            Assert.Equal(clip.Pairs + 1, boxes.Count);
            Assert.All(boxes, box => Assert.Equal(new MotionBox(union[0], union[1], union[2], union[3]), box));
            using var stream = new MemoryStream();
            BoxJson.Write(stream, [KeyValuePair.Create(name, new BoxTrack(clip.Width, clip.Height, boxes, 0, true))], BoxMode.Union);
            Assert.Equal(File.ReadAllBytes(clip.PathOf(file)), stream.ToArray());
        }
    }
}
