using ActionRecognition.Baselines;
using PaperInSmall;

// The paper's comparison, small enough for two cores: five rows, several seeds, same budget; see README.md.
return Settings.Run(args, settings =>
{
    var store = new CellStore(settings);
    var (sets, cells, baselines) = (new List<string>(), new List<CellResult>(), new Dictionary<string, (double, double)>());
    foreach (var name in settings.Sets)
    {
        Say($"{name}: clips and motion boxes");
        if (DataSet.Open(settings, name) is not { } data)
        {
            Say($"{name}: left out, there is no such set (give its folder with --videos or MOFO_VIDEOS)");
            continue;
        }

        var baseline = BaselineScores.Measure(data.TrainClips, data.TestClips);
        sets.Add(name);
        baselines[name] = (baseline.MajorityClass, baseline.DifferenceRidge);
        var experiment = new Experiment(settings, data);

        // Seeds outside: an early look at the table compares all rows.
        foreach (var seed in Enumerable.Range(1, settings.Seeds))
        {
            foreach (var row in PaperRow.All)
            {
                var known = store.Find(name, row, seed);
                var result = known ?? experiment.Run(row, seed);
                store.Keep(result, row);
                cells.Add(result);
                Say($"{name}, seed {seed}, {row.Name}: top-1 {result.Top1:0.000} of {result.Clips} clips{(known is null ? $", {result.Seconds:0} s" : ", found")}");
            }

            Write(new ResultTable(sets, cells, baselines));
        }
    }

    Console.WriteLine();
    Console.WriteLine(new ResultTable(sets, cells, baselines).Markdown());

    void Write(ResultTable table)
    {
        File.WriteAllText(Path.Combine(settings.Out, "table.md"), table.Markdown());
        File.WriteAllText(Path.Combine(settings.Out, "cells.csv"), table.Csv());
    }
});

static void Say(string text) => Console.WriteLine($"{TimeProvider.System.GetLocalNow():HH:mm:ss} {text}");
