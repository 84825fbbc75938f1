using Mofo.ML.Cli.Output;
using Mofo.ML.Trainers;
using Mofo.ML.Transforms;

namespace Mofo.ML.Cli.Commands;

/// <summary>Shows a training on a board, and keeps its steps for the report.</summary>
internal sealed class TrainingView(ProgressBoard board) : IProgress<TrainingProgress>
{
    private readonly List<TrainingProgress> _steps = [];

    public IReadOnlyList<TrainingProgress> Steps => _steps;

    public void Report(TrainingProgress value)
    {
        _steps.Add(value);
        board.Tell(
            value.Stage, (double)value.Step / value.Steps,
            Invariant($"epoch {value.Epoch}/{value.Epochs}, loss {value.Loss:0.000}, rate {value.LearningRate:0.0e+0}, {value.ClipsPerSecond:0.0} clips/s"), value.Remaining);
    }

    /// <summary>Shows the motion detection of this number of videos.</summary>
    public static IProgress<MotionDetectionProgress> Motion(ProgressBoard board, int videos)
    {
        var (gate, seen, ended) = (new Lock(), new HashSet<string>(), new HashSet<string>());
        return new Relay<MotionDetectionProgress>(value =>
        {
            lock (gate)
            {
                seen.Add(value.VideoPath);
                if (value.FromCache || value.FramesDone >= value.FramesExpected)
                {
                    ended.Add(value.VideoPath);
                }

                board.Tell("motion detection", Math.Min(1, (double)ended.Count / videos), Invariant($"{Math.Min(seen.Count, videos)} of {videos} videos"));
            }
        });
    }
}
