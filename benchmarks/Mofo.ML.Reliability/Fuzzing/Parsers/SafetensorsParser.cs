using System.Buffers.Binary;
using Mofo.ML.Reliability.Fuzzing.Mutations;
using Mofo.ML.Trainers;
using Mofo.ML.Trainers.Weights;

namespace Mofo.ML.Reliability.Fuzzing.Parsers;

/// <summary>safetensors files, through each of the three ways in which they are read.</summary>
internal sealed class SafetensorsParser : Parser
{
    private const int LengthPrefix = 8;

    public override string Name => "safetensors";

    public override IReadOnlyList<byte[]> Seeds { get; } =
    [
        Write([("a", WeightType.Float32, [2, 3]), ("b", WeightType.Int64, [1]), ("c", WeightType.BFloat16, [4])], new() { ["format"] = "pt" }),
        Write([("scalar", WeightType.Float64, []), ("none", WeightType.Float32, [0, 4]), ("flag", WeightType.Bool, [3])], []),
        Write([("encoder.blocks.0.attn.qkv.weight", WeightType.Float16, [6, 2])], new() { ["format"] = "pt", ["mofo.size"] = "{}" }),
        Write([], []),
    ];

    public override IReadOnlyList<Mutation> Mutations { get; } = [.. JsonMutations.All.Select(InHeader), ResizeData];

    public override void Read(byte[] input)
    {
        using (var set = Safetensors.Read(new MemoryStream(input), "weights.safetensors"))
        {
            ReadAll(set);
        }

        using (var set = Safetensors.Read(new ForwardStream(input), "weights.safetensors"))
        {
            ReadAll(set);
        }

        using var forwards = Safetensors.ReadForwards(new ForwardStream(input), "weights.safetensors");
        ReadAll(forwards);
    }

    public override bool Documents(Exception error) => error is WeightFileException;

    private static void ReadAll(WeightSet set)
    {
        foreach (var tensor in set)
        {
            _ = tensor.ToArray();
        }
    }

    private static byte[] Write((string Name, WeightType Type, long[] Shape)[] tensors, Dictionary<string, string> metadata)
    {
        using var memory = new MemoryStream();
        Safetensors.Write(
            memory, [.. tensors.Select(t => WeightTensor.FromMemory(t.Name, t.Type, t.Shape, new byte[t.Shape.Aggregate(1L, (all, n) => all * n) * t.Type.Size()]))], metadata);
        return memory.ToArray();
    }

    /// <summary>Changes the JSON and lets the length in front of it fit.</summary>
    private static Mutation InHeader(Mutation mutate) => (input, draw) =>
    {
        if (input.Length <= LengthPrefix || BinaryPrimitives.ReadUInt64LittleEndian(input) is var length && (length == 0 || length > (ulong)(input.Length - LengthPrefix)))
        {
            return mutate(input, draw);
        }

        var end = LengthPrefix + (int)length;
        var header = mutate(input[LengthPrefix..end], draw);
        var prefix = new byte[LengthPrefix];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, header.Length);
        return [.. prefix, .. header, .. input[end..]];
    };

    private static byte[] ResizeData(byte[] input, Draw draw) => draw.OneIn(2) ? [.. input, .. draw.Bytes(1 + draw.Below(40))] : input[..^Math.Min(input.Length, 1 + draw.Below(40))];
}
