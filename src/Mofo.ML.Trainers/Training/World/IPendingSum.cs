namespace Mofo.ML.Trainers.Training.World;

/// <summary>A sum over all ranks that is under way.</summary>
internal interface IPendingSum
{
    /// <summary>Returns once the sum is in place. Throws what went wrong.</summary>
    void Wait();
}
