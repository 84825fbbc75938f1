using Microsoft.Data.Analysis;
using Mofo.ML.Trainers.Reports;
using Mofo.ML.Trainers.Tests.Metrics;
using Mofo.ML.Transforms;

namespace Mofo.ML.Trainers.Tests.Reports;

public sealed class MofoReportTests
{
    private static readonly ClassReport Judged = new(new ScoredVideos(["run", "<jump>"],
    [
        new("a.mp4", "run", [0.7, 0.3]),
        new("b.mp4", "run", [0.1, 0.9]),
        new("c.mp4", "<jump>", [0.6, 0.4]),
        new("d.mp4", "swim", [0.5, 0.5]),
        new("e.mp4", "run", [double.NaN, double.NaN]),
        new("f.mp4", null, [0.5, 0.5]),
    ]));

    [Fact]
    public void Names_of_classes_and_files_are_text_and_never_markup()
    {
        var page = Page(report =>
        {
            report.AddEvaluation("<b>Test</b>", Judged);
            report.AddMistakes(Judged, new MotionDetector());
            report.AddValues("Settings", [new("--classes", "<script>alert(1)</script>")]);
        });
        Assert.DoesNotContain("<jump>", page);
        Assert.DoesNotContain("<script>alert", page);
        Assert.Contains("&lt;jump&gt;", page);
        Assert.Contains("swim", page);
    }

    [Fact]
    public void The_surest_mistake_comes_first_and_a_clip_that_is_gone_is_named_with_the_reason()
    {
        Assert.Equal(["b.mp4", "c.mp4", "d.mp4"], WorstMistakes.Of(Judged).Select(mistake => mistake.Key));
        Assert.Equal("label run (0.10), predicted <jump> (0.90)", WorstMistakes.Of(Judged).First().Value);
        Assert.Contains("cannot be shown: ", Page(report => report.AddMistakes(Judged, new MotionDetector(), count: 1)));
    }

    [Fact]
    public void Curves_show_every_epoch_once_and_leave_out_what_is_no_number()
    {
        TrainingProgress[] steps =
        [
            .. Enumerable.Range(1, 1200).Select(step => new TrainingProgress("finetuning", ((step - 1) / 400) + 1, 3, step, 1200, 2 - (step / 1000.0), double.NaN, double.NaN, 1e-4, 12.5, 0.1, TimeSpan.Zero, step % 400 == 0 ? 0.5 : null)
            {
                BaselineLoss = 1.9,
            }),
        ];
        var page = TrainingCurves.Section("finetuning", [.. steps, steps[^1]]);
        Assert.Contains("3 of 3 epochs, 1200 of 1200 steps", page);
        Assert.Contains("Accuracy on the validation clips", page);
        Assert.DoesNotContain("NaN", page);
        Assert.InRange(page.Length, 1000, 40_000);
    }

    [Fact]
    public void A_training_without_steps_adds_nothing() => Assert.Equal(Page(_ => { }), Page(report => report.AddTraining("pretraining", [])));

    [Theory]
    [InlineData(0, 1, new[] { 0, 0.2, 0.4, 0.6, 0.8, 1.0 })]
    [InlineData(-3, 40, new[] { -10.0, 0, 10, 20, 30, 40 })]
    public void Ticks_are_round_and_span_the_range(double low, double high, double[] expected)
    {
        var ticks = PlotTicks.Of(low, high);
        Assert.True(ticks[0] <= low && ticks[^1] >= high);
        Assert.Equal(expected, ticks.Select(tick => Math.Round(tick, 6)));
    }

    [Fact]
    public void The_bins_of_the_calibration_hold_every_answer()
    {
        var bins = Judged.Calibration(10);
        Assert.Equal(4, bins["Videos"].Cast<int>().Sum());
        Assert.Equal([0.5, 0.6, 0.7, 0.9], bins["Confidence"].Cast<double>().Select(value => Math.Round(value, 6)));
        Assert.Equal([0.0, 0.0, 1.0, 0.0], bins["Accuracy"].Cast<double>());
    }

    [Fact]
    public void Tables_of_metrics_are_written_with_points_and_quotes()
    {
        using var file = new TemporaryFile();
        new DataFrame(new StringDataFrameColumn("Class", ["a,\"b\"", "c"]), new DoubleDataFrameColumn("Recall", [0.25, null])).SaveCsv(file.Path);
        Assert.Equal(["Class,Recall", "\"a,\"\"b\"\"\",0.25", "c,"], File.ReadAllLines(file.Path));
    }

    private static string Page(Action<MofoReport> add)
    {
        var report = new MofoReport("A & B");
        add(report);
        using var file = new TemporaryFile();
        report.Save(file.Path);
        return File.ReadAllText(file.Path);
    }
}
