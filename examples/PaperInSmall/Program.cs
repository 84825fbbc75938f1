using ActionRecognition.Baselines;
using PaperInSmall;

// The paper's comparison, small enough for two cores; see README.md.
return Settings.Run(args, settings =>
{
    var (sets, experiment) = (new DataSets(settings), new Experiment(settings));
    var (opened, results, baselines) = (new Dictionary<string, DataSet>(), new List<CellResult>(), new Dictionary<string, (double, double)>());
    foreach (var name in settings.Sets)
    {
        Say($"{name}: clips and motion boxes");
        if (sets.Open(name) is not { } data)
        {
            Say($"{name}: left out, there is no such set (give its folder with --videos or MOFO_VIDEOS)");
            continue;
        }

        var baseline = BaselineScores.Measure(data.TrainClips, data.TestClips);
        (opened[name], baselines[name]) = (data, (baseline.MajorityClass, baseline.DifferenceRidge));
    }

    var store = new CellStore(Path.Combine(settings.Out, "cells", settings.Key), cell => experiment.NameOf(cell, opened[cell.Set]));
    var queue = new CellQueue(
        Cell.All([.. opened.Keys], settings.Rows, settings.PretrainingSeeds, settings.Seeds), cell => store.Find(cell) is null ? experiment.Network(cell, opened[cell.Set]) : null, Say);
    queue.Run(settings.Parallel, cell => experiment.Pretrain(cell, opened[cell.Set], Say), cell =>
    {
        var known = store.Find(cell);
        var result = known ?? experiment.Run(cell, opened[cell.Set]);
        if (known is null)
        {
            store.Keep(cell, result);
        }

        Say(FormattableString.Invariant(
            $"{cell.Set}, {cell.Row.Name}, seeds {cell.PretrainingSeed}/{cell.Seed}: top-1 {result.Top1:0.000} of {result.Clips} clips, loss {result.Loss:0.000}{(known is null ? $", {result.Seconds:0} s" : ", found")}"));
        lock (results)
        {
            results.Add(result);
            Write(new ResultTable([.. opened.Keys], results, baselines));
        }
    });

    Console.WriteLine();
    Console.WriteLine(new ResultTable([.. opened.Keys], results, baselines).Markdown());

    void Write(ResultTable table)
    {
        File.WriteAllText(Path.Combine(settings.Out, "table.md"), table.Markdown());
        File.WriteAllText(Path.Combine(settings.Out, "cells.csv"), table.Csv());
    }
});

static void Say(string text) => Console.WriteLine($"{TimeProvider.System.GetLocalNow():HH:mm:ss} {text}");
