using Microsoft.ML;
using Mofo.ML.Trainers;

namespace PaperInSmall;

/// <summary>Trains and scores the cells of one data set. Pretrained weights are kept as files and shared by the rows that start from them.</summary>
internal sealed class Experiment(Settings settings, DataSet data)
{
    /// <summary>Pretrains where no earlier row or run has, finetunes, and scores the held-back clips.</summary>
    public CellResult Run(PaperRow row, int seed)
    {
        var started = TimeProvider.System.GetTimestamp();
        var ml = new MLContext(seed) { GpuDeviceId = settings.Gpu };
        var options = Recipe.Finetuning(settings, row, data.TrainClips.Count);
        options.InitialWeights = row.Pretraining == Pretraining.None ? null : Pretrained(row.Pretraining, seed);
        using var model = ml.MulticlassClassification.Trainers.MofoFinetune(options).Fit(data.Train);
        var report = ml.MulticlassClassification.ReportVideos(model.Transform(data.Test));
        return new CellResult(
            data.Name, row.Name, seed, report.Top1, report.MeanClassAccuracy, report.CalibrationError(), report.Count, TimeProvider.System.GetElapsedTime(started).TotalSeconds);
    }

    private string Pretrained(Pretraining kind, int seed)
    {
        var file = Path.Combine(settings.Out, "pretrained", $"{CellStore.KeyOf(settings, data.Name)}-{kind}-seed{seed}.zip");
        if (!File.Exists(file))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            var ml = new MLContext(seed) { GpuDeviceId = settings.Gpu };
            using var model = ml.Transforms.PretrainMofo(Recipe.Pretraining(settings, kind, data.TrainClips.Count)).Fit(data.Train);
            ml.Model.Save(model, data.Train.Schema, file + ".partial");
            File.Move(file + ".partial", file, overwrite: true);
        }

        return file;
    }
}
