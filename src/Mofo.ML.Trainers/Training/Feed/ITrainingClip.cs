namespace Mofo.ML.Trainers.Training.Feed;

/// <summary>A clip ready for the network; disposing it gives its buffer back.</summary>
internal interface ITrainingClip : IDisposable
{
    /// <summary>Where it came from, for error messages.</summary>
    string VideoPath { get; }
}
