using Microsoft.ML;
using Microsoft.ML.Data;
using Mofo.ML.Transforms.MlNetBridge;

namespace Mofo.ML.Transforms.Tests.MlNetBridge;

public sealed class SegmentColumnsTests
{
    private static readonly MLContext Ml = new();

    [Fact]
    public void Seconds_frames_and_text_become_addresses()
    {
        Assert.Equal(["a.mp4#t=1.5,2.25", "a.mp4#t=3", "a.mp4#t=,4", "a.mp4"], Paths(
            new Timed<double>("a.mp4", 1.5, 2.25), new Timed<double>("a.mp4", 3, double.NaN), new Timed<double>("a.mp4", double.NaN, 4), new Timed<double>("a.mp4", double.NaN, double.NaN)));
        Assert.Equal(["a.mp4#t=0.14,3.37"], Paths(new Timed<float>("a.mp4", 0.14f, 3.37f)));
        Assert.Equal(["a.mp4#frames=7,202", "a.mp4#frames=7", "a.mp4"], Paths(new Timed<int>("a.mp4", 7, 202), new Timed<int>("a.mp4", 7, -1), new Timed<int>("a.mp4", -1, -1)));
        Assert.Equal(["a.mp4#frames=7,202"], Paths(new Timed<long>("a.mp4", 7, 202)));
        Assert.Equal(["a.mp4#t=61.089,63", "a.mp4#t=,2"], Paths(new Timed<string>("a.mp4", "00:01:01.089", "63"), new Timed<string>("a.mp4", "", " 2 ")));
    }

    [Fact]
    public void Views_without_the_columns_are_as_before_and_one_column_is_enough()
    {
        Assert.Equal(["a.mp4"], Paths(new Plain("a.mp4")));
        Assert.Equal(["a.mp4#t=2"], Paths(new OnlyStart("a.mp4", 2)));
    }

    [Fact]
    public void What_makes_no_segment_is_named_with_its_row()
    {
        Assert.StartsWith("Row 1, 'b.mp4': its segment cannot be used: end is 1; it must be above the start, 2.", Problem(new Timed<double>("a.mp4", 1, 2), new Timed<double>("b.mp4", 2, 1)));
        Assert.StartsWith("Row 0, 'a.mp4#t=1,2': its segment cannot be used: the address names a segment itself", Problem(new Timed<double>("a.mp4#t=1,2", 2, 3)));
        Assert.StartsWith("Row 0: 'soon' in column SegmentEnd is no time", Problem(new Timed<string>("a.mp4", "1", "soon")));
    }

    [Fact]
    public void Columns_of_other_types_are_refused_before_any_work()
    {
        var inputs = new VideoInputs("VideoPath", null);
        Assert.Contains("SegmentStart", Assert.ThrowsAny<ArgumentException>(() => inputs.Check(View(new Timed<bool>("a", true, true)).Schema)).Message);
        Assert.Contains("SegmentEnd", Assert.ThrowsAny<ArgumentException>(() => inputs.Check(View(new Mixed("a", 1, 2)).Schema)).Message);
    }

    [Fact]
    public void A_chain_is_refused_before_its_first_stage_is_fitted()
    {
        var first = new CountedStage();
        var chain = first.Append(Ml.Transforms.DetectMotion());
        Assert.Contains("SegmentEnd", Assert.ThrowsAny<ArgumentException>(() => chain.Fit(View(new Mixed("a", 1, 2)))).Message);
        Assert.Equal(0, first.Fits);
        _ = chain.Fit(View(new Timed<double>("a", 1, 2)));
        _ = chain.Fit(View(new Timed<int>("a", 1, 2)));
        Assert.Equal(2, first.Fits);
    }

    private static IDataView View<T>(params T[] rows)
        where T : class => Ml.Data.LoadFromEnumerable(rows);

    private static List<string> Paths<T>(params T[] rows)
        where T : class
    {
        var view = View(rows);
        var inputs = new VideoInputs("VideoPath", null);
        inputs.Check(view.Schema);
        using var cursor = view.GetRowCursor(inputs.Columns(view.Schema));
        var read = inputs.Reader(cursor);
        var paths = new List<string>();
        while (cursor.MoveNext())
        {
            paths.Add(read().Path);
        }

        return paths;
    }

    private static string Problem<T>(params T[] rows)
        where T : class => Assert.Throws<InvalidOperationException>(() => Paths(rows)).Message;

    private sealed record Timed<T>(string VideoPath, T SegmentStart, T SegmentEnd);

    private sealed record Mixed(string VideoPath, double SegmentStart, int SegmentEnd);

    private sealed record OnlyStart(string VideoPath, double SegmentStart);

    private sealed record Plain(string VideoPath);

    /// <summary>Changes nothing, and counts how often it is fitted.</summary>
    private sealed class CountedStage : IEstimator<ITransformer>
    {
        public int Fits { get; private set; }

        public ITransformer Fit(IDataView input)
        {
            Fits++;
            return Ml.Transforms.CopyColumns("Copy", "VideoPath").Fit(input);
        }

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => inputSchema;
    }
}
