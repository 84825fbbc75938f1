using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Training.Loop;

/// <summary>The figures of one step, taken down while the device works and read when they are reported.</summary>
/// <param name="stage">For messages.</param>
/// <param name="epoch">Epochs that were complete.</param>
/// <param name="step">Number of the step, from 0.</param>
internal sealed class StepReading(string stage, int epoch, int step) : IDisposable
{
    private readonly List<(Tensor Scalars, StepLoss Loss, IReadOnlyList<string> Videos)> _parts = [];
    private StepFigure _norm = 0;

    public int Epoch => epoch;

    public int Step => step;

    /// <summary>Time waited for clips until then.</summary>
    public TimeSpan Waited { get; set; }

    /// <summary>Takes down a batch of the step; nothing is waited for.</summary>
    public void Add(in StepLoss loss, IReadOnlyList<string> videos)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var scalars = Figures(loss).Select(figure => figure.Scalar).OfType<Tensor>();
        _parts.Add((stack(scalars.Select(scalar => scalar.detach().to(ScalarType.Float32)).ToList()).DetachFromDisposeScope(), loss, videos));
    }

    /// <summary>Takes the gradient's length over.</summary>
    public void SetNorm(StepFigure norm)
    {
        _ = norm.Scalar?.DetachFromDisposeScope();
        _norm = norm;
    }

    /// <summary>Waits for the device and reads all figures.</summary>
    /// <returns>The losses, and the length of the gradient.</returns>
    /// <exception cref="TrainingDivergedException">A loss or the gradient is not a number.</exception>
    public (StepSums Sums, double Norm) Read()
    {
        var (sums, norm) = (ReadLosses(), _norm.Read());
        return double.IsFinite(norm) ? (sums, norm) : throw TrainingDivergedException.OfGradient(stage, step + 1, norm, sums.VideoPaths);
    }

    /// <summary>Waits for the device and reads the losses taken down so far.</summary>
    /// <exception cref="TrainingDivergedException">One is not a number.</exception>
    public StepSums ReadLosses()
    {
        using var scope = NewDisposeScope();
        var sums = new StepSums();
        foreach (var (scalars, loss, videos) in _parts)
        {
            var values = new Queue<float>(scalars.cpu().data<float>().ToArray());
            var figures = Array.ConvertAll(Figures(loss), figure => figure.Scalar is null ? figure : values.Dequeue());
            var total = (float)figures[0].Read();
            sums.Add(total, loss with { Inside = figures[1], Outside = figures[2], Baseline = figures[3] }, videos);
            if (!float.IsFinite(total))
            {
                throw new TrainingDivergedException(stage, step + 1, total, sums.VideoPaths);
            }
        }

        return sums;
    }

    public void Dispose()
    {
        _norm.Scalar?.Dispose();
        _parts.ForEach(part => part.Scalars.Dispose());
    }

    private static StepFigure[] Figures(in StepLoss loss) => [loss.Total, loss.Inside, loss.Outside, loss.Baseline];
}
