using Microsoft.ML;
using Mofo.ML.Trainers.Training.Loop;
using Mofo.ML.Trainers.Training.Reports;
using Mofo.ML.Transforms.MlNetBridge;

namespace Mofo.ML.Trainers.Tests.Training;

public sealed class RunReportTests
{
    [Theory]
    [InlineData(0, 2, 3, "00:02:03")]
    [InlineData(23, 59, 59, "23:59:59")]
    [InlineData(30, 5, 9, "30:05:09")]
    [InlineData(1000, 0, 0, "1000:00:00")]
    public void Hours_that_are_left_go_on_counting_after_a_day(int hours, int minutes, int seconds, string expected)
    {
        var ml = new MLContext(seed: 1);
        var lines = new List<string>();
        ml.Log += (_, e) => lines.Add(e.RawMessage);
        var options = TinyTraining.Options();
        using var report = new RunReport(new StageHost(ml, "test"), "pretraining", options, new TrainingPlan(8, options, usualWarmup: 0), "", firstStep: 0);
        Step(1);
        Step(2);
        Assert.Contains(lines, line => line.Contains($" {expected} left.", StringComparison.Ordinal));

        void Step(int epoch) => report.Report(new StepReport(
            new TrainingProgress("pretraining", epoch, 3, epoch, 6, 1, double.NaN, double.NaN, 1e-3, 1, 0, new TimeSpan(hours, minutes, seconds)), 0, 1, 0));
    }
}
