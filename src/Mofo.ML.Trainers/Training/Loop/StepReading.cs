using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Training.Loop;

/// <summary>The figures of one step, as numbers or taken down while the device works and read when they are reported.</summary>
/// <param name="stage">For messages.</param>
/// <param name="epoch">Epochs that were complete.</param>
/// <param name="step">Number of the step, from 0.</param>
internal sealed class StepReading(string stage, int epoch, int step) : IDisposable
{
    private readonly List<(Func<PartFigures> Read, Tensor? Scalars, IReadOnlyList<string> Videos)> _parts = [];
    private StepFigure _norm = 0;

    public int Epoch => epoch;

    public int Step => step;

    /// <summary>Time waited for clips until then.</summary>
    public TimeSpan Waited { get; set; }

    /// <summary>Takes a batch whose figures are known.</summary>
    public void Add(PartFigures figures, IReadOnlyList<string> videos) => _parts.Add((() => figures, null, videos));

    /// <summary>Takes a batch down; nothing is waited for.</summary>
    public void Add(in StepLoss loss, IReadOnlyList<string> videos)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        StepFigure[] figures = [loss.Total, loss.Inside, loss.Outside, loss.Baseline];
        var scalars = stack(figures.Select(figure => figure.Scalar).OfType<Tensor>().Select(scalar => scalar.detach().to(ScalarType.Float32)).ToList()).DetachFromDisposeScope();

        // Only numbers, and gaps for what the device still computes, are kept: the tensors of the step go with the caller's scope.
        var numbers = Array.ConvertAll(figures, figure => figure.Scalar is null ? figure.Read() : (double?)null);
        var counts = loss with { Total = null!, Inside = default, Outside = default, Baseline = default };
        _parts.Add((() => Read(counts, numbers, scalars, videos.Count), scalars, videos));
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
    /// <exception cref="TrainingDivergedException">One that was taken down is not a number.</exception>
    public StepSums ReadLosses()
    {
        var sums = new StepSums();
        foreach (var (read, scalars, videos) in _parts)
        {
            var figures = read();
            sums.Add(figures, videos);
            if (scalars is not null && !double.IsFinite(figures.Total))
            {
                throw new TrainingDivergedException(stage, step + 1, (float)figures.Total, sums.VideoPaths);
            }
        }

        return sums;
    }

    public void Dispose()
    {
        _norm.Scalar?.Dispose();
        _parts.ForEach(part => part.Scalars?.Dispose());
    }

    private static PartFigures Read(StepLoss counts, double?[] numbers, Tensor scalars, int clips)
    {
        using var scope = NewDisposeScope();
        var values = new Queue<float>(scalars.cpu().data<float>().ToArray());
        var figures = Array.ConvertAll(numbers, number => number ?? values.Dequeue());
        return PartFigures.Of(counts with { Value = (float)figures[0], Inside = figures[1], Outside = figures[2], Baseline = figures[3] }, clips);
    }
}
