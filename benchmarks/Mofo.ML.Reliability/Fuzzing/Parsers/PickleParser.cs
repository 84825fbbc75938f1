using Mofo.ML.Reliability.Fuzzing.Mutations;
using Mofo.ML.Trainers;
using Mofo.ML.Trainers.Weights;

namespace Mofo.ML.Reliability.Fuzzing.Parsers;

/// <summary>Files of torch.save, in both formats; every tensor is read.</summary>
internal sealed class PickleParser : Parser
{
    private static readonly Mutation InsideZip = ZipFiles.Inside(name => name.EndsWith("data.pkl", StringComparison.Ordinal) ? PickleMutations.All : ByteMutations.All);

    public override string Name => "pickle";

    public override IReadOnlyList<byte[]> Seeds { get; } = [PickleWriter.Zip("model"), PickleWriter.Zip(null), PickleWriter.Zip("module"), PickleWriter.Stream("state_dict"), PickleWriter.Stream(null)];

    public override IReadOnlyList<Mutation> Mutations { get; } = [PickleOrInside, PickleOrInside, PickleOrInside, PickleOrInside, PickleOrInside, ZipFiles.Rearrange];

    public override void Read(byte[] input)
    {
        using var set = TorchPickleReader.Read(new MemoryStream(input), "weights.pth");
        foreach (var tensor in set)
        {
            _ = tensor.ToArray();
        }
    }

    public override bool Documents(Exception error) => error is WeightFileException;

    private static byte[] PickleOrInside(byte[] input, Draw draw) => input.AsSpan().StartsWith("PK"u8) ? InsideZip(input, draw) : draw.Of(PickleMutations.All)(input, draw);
}
