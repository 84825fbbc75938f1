using Mofo.ML.Trainers.Training.World;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Tests.Training;

/// <summary>Rank 0 of two, without the other: what it would exchange stays as it is.</summary>
internal class TwoRanks : TrainingWorld
{
    public override int Rank => 0;

    public override int Size => 2;

    internal override int LocalSize => 2;

    internal override string HostOf(int rank) => $"host{rank}";

    internal override void Sum(Span<double> values)
    {
    }

    internal override void Broadcast(Span<byte> bytes)
    {
    }

    internal override IReadOnlyList<string> Gather(string text) => [text, text];

    internal override bool CanSumOn(Device device) => false;

    internal override IPendingSum BeginSum(Tensor values) => Alone.BeginSum(values);

    internal override void Abort(Exception error) => throw new InvalidOperationException("aborted", error);
}
