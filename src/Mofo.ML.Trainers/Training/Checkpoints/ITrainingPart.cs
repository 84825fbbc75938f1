using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Training.Checkpoints;

/// <summary>A part of a training that a checkpoint keeps: weights, optimiser, averages, best weights, early stopping.</summary>
/// <remarks>
/// Whatever changes from step to step and bears on what comes later must be in such a part, or a resumed run ends elsewhere. Random draws need none:
/// they come from the seed and the place in the run (see ClipSeed), not from a generator with a state.
/// </remarks>
internal interface ITrainingPart
{
    /// <summary>Name of its group in the checkpoint file: one word without dots.</summary>
    string Name { get; }

    /// <summary>Tensors to keep, and to copy back in place when a run is resumed.</summary>
    IEnumerable<(string Name, Tensor Value)> Tensors { get; }

    /// <summary>Numbers to keep.</summary>
    IEnumerable<(string Name, double Value)> Numbers { get; }

    /// <summary>Takes the numbers back. Afterwards <see cref="Tensors"/> names exactly those that were kept; their values come next.</summary>
    void Resume(IReadOnlyDictionary<string, double> numbers);
}
