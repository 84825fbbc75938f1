using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using Mofo.ML.Transforms.Tests.Video;

namespace Mofo.ML.Transforms.Tests.MlNetBridge;

/// <summary>Views that give their rows once, or other rows in every pass: each row keeps the boxes of its own video.</summary>
public sealed class SinglePassTests : IDisposable
{
    private readonly Video.TemporaryFolder _folder = new();
    private readonly MLContext _ml = new(seed: 1);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_view_that_can_be_read_once_loses_no_row()
    {
        var rows = Rows(6);
        var view = ScriptedView.Once(rows);
        var found = Read(_ml.Transforms.DetectMotion().Fit(view).Transform(view));
        Assert.Equal(rows.Select(row => (row.VideoPath, row.Label, FramesOf(row))), found.Select(row => (row.VideoPath, row.Label, row.MotionBoxes.Length / 4)));
        Assert.Equal(rows.Select(row => row.Values), found.Select(row => row.Values));
        Assert.Equal((1, 1), (view.Passes, view.Closed));
    }

    [Fact]
    public void Rows_that_come_in_another_order_or_number_in_every_pass_keep_their_boxes()
    {
        var rows = Rows(6);
        var view = new ScriptedView(pass => rows.Skip(pass).Reverse().Where((_, i) => pass == 0 || i % 2 == 0));
        var detected = _ml.Transforms.DetectMotion().Fit(view).Transform(view);
        for (var pass = 0; pass < 3; pass++)
        {
            var found = Read(detected);
            Assert.NotEmpty(found);
            Assert.All(found, row => Assert.Equal(FramesOf(rows.Single(r => r.VideoPath == row.VideoPath)), row.MotionBoxes.Length / 4));
            Assert.All(found, row => Assert.Equal(rows.Single(r => r.VideoPath == row.VideoPath).Label, row.Label));
        }

        Assert.Equal(3, view.Passes);
    }

    [Fact]
    public void A_chain_of_stages_opens_its_source_once_in_each_pass()
    {
        var view = ScriptedView.Once(Rows(4));
        var chain = _ml.Transforms.DetectMotion().Append(_ml.Transforms.DetectMotion("Again", "VideoPath")).Append(_ml.Transforms.DetectMotion("Third", "VideoPath"));
        var found = chain.Fit(view).Transform(view);
        using var cursor = found.GetRowCursor(found.Schema);
        var getters = new[] { "MotionBoxes", "Again", "Third" }.Select(name => cursor.GetGetter<VBuffer<float>>(found.Schema[name])).ToList();
        var rows = 0;
        for (; cursor.MoveNext(); rows++)
        {
            var boxes = default(VBuffer<float>);
            Assert.All(getters, get =>
            {
                get(ref boxes);
                Assert.Equal(4 * (rows + 3), boxes.Length);
            });
        }

        Assert.Equal((4, 1), (rows, view.Passes));
    }

    [Fact]
    public void Values_can_be_read_twice_in_any_order_and_written_over()
    {
        var rows = Rows(5);
        var view = ScriptedView.Once(rows);
        var detected = _ml.Transforms.DetectMotion().Fit(view).Transform(view);
        using var cursor = detected.GetRowCursor(detected.Schema);
        var values = cursor.GetGetter<VBuffer<float>>(detected.Schema["Values"]);
        var boxes = cursor.GetGetter<VBuffer<float>>(detected.Schema["MotionBoxes"]);
        var id = cursor.GetIdGetter();
        var (buffer, box, rowId) = (default(VBuffer<float>), default(VBuffer<float>), default(DataViewRowId));
        Assert.Throws<InvalidOperationException>(() => values(ref buffer));
        for (var i = 0; cursor.MoveNext(); i++)
        {
            boxes(ref box);
            for (var again = 0; again < 2; again++)
            {
                values(ref buffer);
                Assert.Equal(rows[i].Values, buffer.DenseValues());
                VBufferEditor.CreateFromBuffer(ref buffer).Values.Fill(-1);
            }

            id(ref rowId);
            Assert.Equal((i, 7L, new DataViewRowId((ulong)i, 5)), (cursor.Position, cursor.Batch, rowId));
        }

        Assert.Throws<InvalidOperationException>(() => values(ref buffer));
        Assert.False(cursor.MoveNext());
        Assert.Equal(-1, cursor.Position);
    }

    [Fact]
    public void Rows_passed_over_before_the_first_value_is_read_are_not_computed()
    {
        var rows = Rows(3);
        var view = ScriptedView.Once([new ScriptedRow("absent.avi"), new ScriptedRow("absent.avi"), .. rows]);
        var detected = _ml.Transforms.DetectMotion().Fit(view).Transform(view);
        using var cursor = detected.GetRowCursor(detected.Schema);
        var boxes = cursor.GetGetter<VBuffer<float>>(detected.Schema["MotionBoxes"]);
        for (var i = 0; i < 3; i++)
        {
            Assert.True(cursor.MoveNext());
        }

        var box = default(VBuffer<float>);
        boxes(ref box);
        Assert.Equal(4 * FramesOf(rows[0]), box.Length);
    }

    [Fact]
    public void Columns_that_are_not_computed_cost_nothing()
    {
        var view = ScriptedView.Once([new ScriptedRow("absent.avi", "a"), new ScriptedRow("absent.avi", "b")]);
        var detected = _ml.Transforms.DetectMotion().Fit(view).Transform(view);
        Assert.Equal(["a", "b"], detected.GetColumn<string>("Label"));
    }

    [Fact]
    public void Beside_pictures_rows_are_computed_one_by_one_and_every_reader_gets_its_own_picture()
    {
        var view = ScriptedView.Once(Rows(3));
        var chain = _ml.Transforms.ExtractMotionMap().Append(_ml.Transforms.DetectMotion());
        var found = chain.Fit(view).Transform(view);
        using var cursor = found.GetRowCursor(found.Schema);
        var pictures = cursor.GetGetter<MLImage>(found.Schema["MotionMap"]);
        var boxes = cursor.GetGetter<VBuffer<float>>(found.Schema["MotionBoxes"]);
        for (var i = 0; cursor.MoveNext(); i++)
        {
            MLImage one = null!, two = null!;
            pictures(ref one);
            pictures(ref two);
            using (one)
            {
                Assert.NotSame(one, two);
            }

            using (two)
            {
                Assert.NotEqual(0, two.Pixels.Length);
            }

            var box = default(VBuffer<float>);
            boxes(ref box);
            Assert.Equal(4 * (i + 3), box.Length);
        }

        Assert.Equal(1, view.Passes);
    }

    [Fact]
    public void A_failing_source_gives_the_rows_before_and_then_its_own_error_each_time()
    {
        var rows = Rows(2);
        var view = new ScriptedView(_ => Failing(rows));
        var detected = _ml.Transforms.DetectMotion().Fit(view).Transform(view);
        using var cursor = detected.GetRowCursor(detected.Schema);
        var boxes = cursor.GetGetter<VBuffer<float>>(detected.Schema["MotionBoxes"]);
        var box = default(VBuffer<float>);
        for (var i = 0; i < 2; i++)
        {
            Assert.True(cursor.MoveNext());
            boxes(ref box);
            Assert.Equal(4 * FramesOf(rows[i]), box.Length);
        }

        Assert.Equal("the source broke", Assert.Throws<InvalidDataException>(() => cursor.MoveNext()).Message);
        Assert.Equal("the source broke", Assert.Throws<InvalidDataException>(() => cursor.MoveNext()).Message);
    }

    private static IEnumerable<ScriptedRow> Failing(IReadOnlyList<ScriptedRow> rows)
    {
        foreach (var row in rows)
        {
            yield return row;
        }

        throw new InvalidDataException("the source broke");
    }

    /// <summary>Videos told apart by their number of frames: 3, 4, 5, ...</summary>
    private List<ScriptedRow> Rows(int count) => [.. Enumerable.Range(3, count)
        .Select(frames => new ScriptedRow(RenderedVideo.Write(_folder.File($"{frames}.avi"), frames), $"label {frames}", [.. Enumerable.Repeat((float)frames, frames)]))];

    private static int FramesOf(ScriptedRow row) => row.Values.Length;

    private List<Found> Read(IDataView view) => [.. _ml.Data.CreateEnumerable<Found>(view, reuseRowObject: false)];

    private sealed class Found
    {
        public string VideoPath { get; set; } = "";

        public string Label { get; set; } = "";

        public float[] Values { get; set; } = [];

        public float[] MotionBoxes { get; set; } = [];
    }
}
