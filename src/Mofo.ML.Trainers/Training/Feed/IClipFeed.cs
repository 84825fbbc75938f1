namespace Mofo.ML.Trainers.Training.Feed;

/// <summary>The clips of a run as batches that keep to their epoch, and the place in the data that they were taken up to.</summary>
internal interface IClipFeed<TClip> : IDisposable
    where TClip : ITrainingClip
{
    /// <summary>How long training has waited for clips.</summary>
    TimeSpan Waited { get; }

    /// <summary>Places used up in the order of the epoch that the last batch came from.</summary>
    int Taken { get; }

    /// <summary>Whether this epoch has clips left; waits for the next one.</summary>
    bool HasMore(int epoch);

    /// <summary>Up to this number of clips of this epoch; fewer at its end, none when it is over.</summary>
    ClipBatch<TClip> Next(int epoch, int count);
}
