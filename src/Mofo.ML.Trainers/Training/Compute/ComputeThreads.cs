using TorchSharp;

namespace Mofo.ML.Trainers.Training.Compute;

/// <summary>Torch's number of threads for the time of a training; the process's own comes back afterwards.</summary>
internal sealed class ComputeThreads : IDisposable
{
    private readonly int _before = torch.get_num_threads();

    public ComputeThreads(MofoTrainingOptions options)
    {
        // Several processes on one machine share its processors: with all threads of each, they would wait for one another.
        var local = (options.World ?? TrainingWorld.Alone).LocalSize;
        var threads = options.ComputeThreads > 0 || local == 1 ? options.ComputeThreads : Math.Clamp(Environment.ProcessorCount / local, 1, _before);
        if (threads > 0)
        {
            torch.set_num_threads(threads);
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
