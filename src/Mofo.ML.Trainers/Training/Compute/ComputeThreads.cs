using TorchSharp;

namespace Mofo.ML.Trainers.Training.Compute;

/// <summary>Torch's number of threads for the time of a training; the process's own comes back afterwards.</summary>
internal sealed class ComputeThreads : IDisposable
{
    private readonly int _before = torch.get_num_threads();

    public ComputeThreads(MofoTrainingOptions options)
    {
        if (options.ComputeThreads > 0)
        {
            torch.set_num_threads(options.ComputeThreads);
        }
    }

    public void Dispose()
    {
        if (torch.get_num_threads() != _before)
        {
            torch.set_num_threads(_before);
        }
    }
}
