using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Training.World;

/// <summary>A process that trains alone: there is nothing to exchange.</summary>
internal sealed class OneProcess : TrainingWorld
{
    /// <summary>A sum that is in place already.</summary>
    public static IPendingSum Finished { get; } = new FinishedSum();

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

    internal override IPendingSum BeginSum(Tensor values) => Finished;

    internal override void Abort(Exception error)
    {
    }

    private sealed class FinishedSum : IPendingSum
    {
        public void Wait()
        {
        }
    }
}
