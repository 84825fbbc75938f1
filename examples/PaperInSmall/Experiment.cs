using Microsoft.ML;
using Mofo.ML.Trainers;

namespace PaperInSmall;

/// <summary>Trains cells. Pretrained networks are shared by the rows and sets that start from them; whatever is interrupted continues from its checkpoint.</summary>
internal sealed class Experiment(Settings settings)
{
    /// <summary>Pretrains where no earlier cell or run has, finetunes, and scores the held-back clips.</summary>
    public CellResult Run(Cell cell, DataSet data, Action<string> say)
    {
        var weights = cell.Row.IsPretrainedHere ? Pretrained(cell, data.Pool, say) : null;
        var started = TimeProvider.System.GetTimestamp();
        var (ml, losses) = (Context(cell.Seed), new LastEpoch());
        var options = Recipe.Finetuning(settings, cell.Row, data.TrainClips.Count, data.Pool.Clips);
        (options.InitialWeights, options.Progress) = (weights, losses);
        using var checkpoints = new Checkpoints(Out("running", $"{cell.Set}-{cell.Row.FileName}-p{cell.PretrainingSeed}-f{cell.Seed}"));
        options.CheckpointFolder = checkpoints.Folder;
        using var model = ml.MulticlassClassification.Trainers.MofoFinetune(options).Fit(data.Train);
        var report = ml.MulticlassClassification.ReportVideos(model.Transform(data.Test));
        checkpoints.Done();
        return new CellResult(
            cell.Set, cell.Row.Name, cell.PretrainingSeed, cell.Seed, report.Top1, report.MeanClassAccuracy, report.CalibrationError(), report.Count, losses.Mean,
            TimeProvider.System.GetElapsedTime(started).TotalSeconds);
    }

    private string Pretrained(Cell cell, Pool pool, Action<string> say)
    {
        var name = $"{pool.Name}-{cell.Row.Pretraining}-seed{cell.PretrainingSeed}";
        var file = Out("pretrained", $"{name}.zip");
        if (File.Exists(file))
        {
            return file;
        }

        var (ml, losses, view) = (Context(cell.PretrainingSeed), new LastEpoch(), pool.View.Value);
        var options = Recipe.Pretraining(settings, cell.Row.Pretraining, pool.Clips);
        say($"pretraining {name}: {options.Epochs} epochs of {pool.Clips} clips");
        using var checkpoints = new Checkpoints(Out("running", name));
        (options.CheckpointFolder, options.Progress) = (checkpoints.Folder, losses);
        using var model = ml.Transforms.PretrainMofo(options).Fit(view);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        ml.Model.Save(model, view.Schema, file + ".partial");
        File.Move(file + ".partial", file, overwrite: true);
        File.WriteAllLines(Out("pretrained", $"{name}.losses.csv"), losses.Epochs.Select((loss, epoch) => FormattableString.Invariant($"{epoch + 1},{loss:0.0000}")));
        checkpoints.Done();
        return file;
    }

    private MLContext Context(int seed) => new(seed) { GpuDeviceId = settings.Gpu };

    private string Out(string folder, string name) => Path.Combine(settings.Out, folder, settings.Key, name);
}
