using ActionRecognition.CommandLine;
using Microsoft.ML;
using Mofo.ML.Trainers;

namespace PaperInSmall;

/// <summary>Trains cells. Pretrained networks are shared by the rows and sets that start from them; whatever is interrupted continues from its checkpoint.</summary>
internal sealed class Experiment(Settings settings)
{
    /// <summary>The pretrained network that a cell starts from; null where it starts from nothing or from the library's weights.</summary>
    public string? Network(Cell cell, DataSet data) => cell.Row.IsPretrainedHere ? RunName.OfNetwork(cell, data.Pool, Pretraining(cell, data)) : null;

    /// <summary>What the files of a cell are named after.</summary>
    public string NameOf(Cell cell, DataSet data) => RunName.OfCell(cell, data.Clips, Finetuning(cell, data), Network(cell, data));

    /// <summary>Finetunes from the cell's network, and scores the held-back clips.</summary>
    public CellResult Run(Cell cell, DataSet data)
    {
        var started = TimeProvider.System.GetTimestamp();
        var (ml, losses) = (Context(cell.Seed, cell.Row), new LastEpoch());
        var options = Finetuning(cell, data);
        (options.InitialWeights, options.Progress) = (Network(cell, data) is { } network ? FileOf(network) : null, losses);
        var checkpoints = new Checkpoints(Out("running", settings.Key, NameOf(cell, data)));
        options.CheckpointFolder = checkpoints.Folder;
        using var model = ml.MulticlassClassification.Trainers.MofoFinetune(options).Fit(data.Train);
        var report = ml.MulticlassClassification.ReportVideos(model.Transform(data.Test));
        checkpoints.Done();
        return new CellResult(
            cell.Set, cell.Row.Name, cell.PretrainingSeed, cell.Seed, report.Top1, report.MeanClassAccuracy, report.CalibrationError(), report.Count, losses.Mean,
            TimeProvider.System.GetElapsedTime(started).TotalSeconds);
    }

    /// <summary>Pretrains the network that the cell starts from, where no earlier run has.</summary>
    public void Pretrain(Cell cell, DataSet data, Action<string> say)
    {
        var (name, pool) = (Network(cell, data)!, data.Pool);
        var file = FileOf(name);
        if (File.Exists(file))
        {
            return;
        }

        var (ml, losses, view) = (Context(cell.PretrainingSeed, cell.Row), new LastEpoch(), pool.View.Value);
        var options = Pretraining(cell, data);
        say($"pretraining {name}: {options.Epochs} epochs of {pool.Count} clips");
        var checkpoints = new Checkpoints(Out("running", settings.PretrainingKey, name));
        (options.CheckpointFolder, options.Progress) = (checkpoints.Folder, losses);
        using var model = ml.Transforms.PretrainMofo(options).Fit(view);
        ml.Model.SaveMofoModel(model, view.Schema, file);
        File.WriteAllLines(Out("pretrained", settings.PretrainingKey, $"{name}.losses.csv"), losses.Epochs.Select((loss, epoch) => FormattableString.Invariant($"{epoch + 1},{loss:0.0000}")));
        checkpoints.Done();
    }

    private string FileOf(string network) => Out("pretrained", settings.PretrainingKey, $"{network}.zip");

    private MofoPretrainingOptions Pretraining(Cell cell, DataSet data) => Recipe.Pretraining(settings, cell.Row.Pretraining, data.Pool.Count);

    private MofoFinetuningOptions Finetuning(Cell cell, DataSet data) => Recipe.Finetuning(settings, cell.Row, data.TrainClips.Count, data.Pool.Count);

    private MLContext Context(int seed, PaperRow row)
    {
        var ml = new MLContext(seed) { GpuDeviceId = settings.Gpu };
        // A row that starts from nothing is meant to.
        LoggedWarnings.Print(ml, row.Pretraining == PaperInSmall.Pretraining.None ? LoggedWarnings.OfRandomWeights : null);
        return ml;
    }

    private string Out(string folder, string key, string name) => Path.Combine(settings.Out, folder, key, name);
}
