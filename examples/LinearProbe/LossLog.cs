using ActionRecognition.Pictures;
using Mofo.ML.Trainers;

namespace LinearProbe;

/// <summary>Keeps the losses inside and outside the motion box and draws them side by side.</summary>
internal sealed class LossLog : IProgress<TrainingProgress>
{
    private readonly List<TrainingProgress> _steps = [];

    public void Report(TrainingProgress value) => _steps.Add(value);

    public void Save(string path)
    {
        var perEpoch = Math.Max(1, _steps[0].Steps / _steps[0].Epochs);
        LossSeries[] series = [Series("loss inside the motion box", s => s.LossInside), Series("loss outside the motion box", s => s.LossOutside)];
        LossCurves.Save([.. series.Where(s => s.PerStep.Count > 0)], path);

        LossSeries Series(string title, Func<TrainingProgress, double> loss) => new(title, [.. _steps.Select(loss).Where(double.IsFinite)], perEpoch);
    }
}
