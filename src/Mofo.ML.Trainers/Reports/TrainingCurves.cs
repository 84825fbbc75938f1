using System.Text;

namespace Mofo.ML.Trainers.Reports;

/// <summary>The curves of a training over its epochs.</summary>
internal static class TrainingCurves
{
    /// <summary>Points of a curve at most; a longer run is averaged.</summary>
    private const int MostPoints = 500;

    public static string Section(string name, IReadOnlyList<TrainingProgress> steps)
    {
        // A step may be reported twice, the second time with the figures of its epoch.
        TrainingProgress[] distinct = [.. steps.GroupBy(step => step.Step).Select(group => group.Last()).OrderBy(step => step.Step)];
        var last = distinct[^1];
        var perEpoch = Math.Max(1.0, (double)last.Steps / Math.Max(1, last.Epochs));
        var html = new StringBuilder();
        html.Append($"<section><h2>{HtmlText.Of(Capital(name))}</h2><p>{HtmlText.Of(Summary(distinct, last))}</p><div class=\"plots\">");
        html.Append(LinePlot.Draw("Loss", "epoch", Losses(distinct, perEpoch)));
        if (last.Stage == "pretraining")
        {
            html.Append(LinePlot.Draw("Loss inside and outside the motion box", "epoch",
            [
                new("outside", "second", Means(distinct, perEpoch, step => step.LossOutside)),
                new("inside", "first", Means(distinct, perEpoch, step => step.LossInside)),
            ]));
        }

        (double, double)[] validated = [.. distinct.Where(step => step.ValidationAccuracy is not null).Select(step => (step.Step / perEpoch, step.ValidationAccuracy!.Value))];
        if (validated.Length > 0)
        {
            html.Append(LinePlot.Draw("Accuracy on the validation clips", "epoch", [new("", "first", validated)]));
        }

        html.Append(LinePlot.Draw("Learning rate", "epoch", [new("", "first", Thinned(distinct, perEpoch, step => step.LearningRate))]));
        return html.Append("</div></section>").ToString();
    }

    private static List<PlotLine> Losses(TrainingProgress[] steps, double perEpoch)
    {
        List<PlotLine> lines = [new("step", "faint", Thinned(steps, perEpoch, step => step.Loss)), new("epoch", "first", Means(steps, perEpoch, step => step.Loss))];
        var baseline = steps[^1].BaselineLoss;
        if (double.IsFinite(baseline))
        {
            lines.Add(new("nothing learned", "limit", [(steps[0].Step / perEpoch, baseline), (steps[^1].Step / perEpoch, baseline)]));
        }

        return lines;
    }

    /// <summary>The mean of each epoch at its middle.</summary>
    private static (double X, double Y)[] Means(TrainingProgress[] steps, double perEpoch, Func<TrainingProgress, double> value) =>
        [.. steps.Where(step => double.IsFinite(value(step))).GroupBy(step => step.Epoch).Select(epoch => (epoch.Average(step => step.Step) / perEpoch, epoch.Average(value)))];

    private static (double X, double Y)[] Thinned(TrainingProgress[] steps, double perEpoch, Func<TrainingProgress, double> value) =>
        [.. steps.Chunk(Math.Max(1, (int)Math.Ceiling(steps.Length / (double)MostPoints))).Select(chunk => (chunk.Average(step => step.Step) / perEpoch, chunk.Average(value)))];

    private static string Summary(TrainingProgress[] steps, TrainingProgress last)
    {
        var epochs = steps.GroupBy(step => step.Epoch).ToList();
        var text = Invariant($"{last.Epoch} of {last.Epochs} epochs, {last.Step} of {last.Steps} steps. Mean loss {epochs[0].Average(step => step.Loss):0.000} in epoch {epochs[0].Key} of this run, {epochs[^1].Average(step => step.Loss):0.000} in the last; {last.ClipsPerSecond:0.0} clips/s, {last.WaitedShare:0%} of the time waiting for clips.");
        return last.Plateau is { } plateau ? $"{text} {plateau}" : text;
    }

    private static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];
}
