namespace Mofo.ML.Trainers;

/// <summary>A checkpoint folder cannot be used: not writable, in use by another training, or filled by a training with other options.</summary>
/// <remarks>A single damaged checkpoint is no reason: training then resumes from the one before it and says so in the log.</remarks>
public sealed class CheckpointException : Exception
{
    internal CheckpointException(string folder, string reason, Exception? inner = null)
        : base($"Checkpoint folder '{folder}' cannot be used: {reason}", inner)
    {
        Folder = folder;
        Reason = reason;
    }

    /// <summary>The folder, as the options name it.</summary>
    public string Folder { get; }

    /// <summary>What is wrong and what to do about it.</summary>
    public string Reason { get; }
}
