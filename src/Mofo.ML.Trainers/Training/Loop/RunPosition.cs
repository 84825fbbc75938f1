namespace Mofo.ML.Trainers.Training.Loop;

/// <summary>Where a run stands between two steps.</summary>
/// <param name="Epoch">Epochs that are complete.</param>
/// <param name="Taken">Places in the order of the current epoch that are used up; 0 between epochs.</param>
/// <param name="Step">Steps of the schedule that are over: the next step has this number, from 0.</param>
/// <param name="Stopped">Whether the run ended before its time.</param>
internal readonly record struct RunPosition(int Epoch, int Taken, int Step, bool Stopped = false)
{
    public static RunPosition Start => default;
}
