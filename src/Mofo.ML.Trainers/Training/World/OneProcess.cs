using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Training.World;

/// <summary>A process that trains alone: there is nothing to exchange.</summary>
internal sealed class OneProcess : TrainingWorld
{
    public override int Rank => 0;

    public override int Size => 1;

    internal override int LocalSize => 1;

    internal override string HostOf(int rank) => Environment.MachineName;

    internal override void Sum(Span<double> values)
    {
    }

    internal override void Broadcast(Span<byte> bytes)
    {
    }

    internal override IReadOnlyList<string> Gather(string text) => [text];

    internal override bool CanSumOn(Device device) => true;

    internal override IPendingSum BeginSum(Tensor values) => FinishedSum.Instance;

    internal override void Abort(Exception error)
    {
    }

    private sealed class FinishedSum : IPendingSum
    {
        public static FinishedSum Instance { get; } = new();

        public void Wait()
        {
        }
    }
}
