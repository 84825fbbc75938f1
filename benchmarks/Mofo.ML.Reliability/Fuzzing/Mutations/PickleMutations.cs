using System.Text;

namespace Mofo.ML.Reliability.Fuzzing.Mutations;

/// <summary>Mutations of pickles: operations put in, taken out and exchanged, names that a checkpoint must not mention.</summary>
internal static class PickleMutations
{
    private static readonly byte[][] Parts =
    [
        .. "N)]}(01tesuabRQ.\x80\x81\x85\x86\x87\x88\x89\x8f\x90\x91\x92\x93\x94".Select(c => new[] { (byte)c }),
        [0x80, 2], [0x80, 5], [(byte)'K', 0], [(byte)'M', 1, 0], [(byte)'J', 0xFF, 0xFF, 0xFF, 0x7F], [0x8A, 8, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F], [0x8A, 255], [0x8B, 4, 0, 0, 0, 1, 2, 3, 4],
        [(byte)'G', 0x7F, 0xF0, 0, 0, 0, 0, 0, 0], [(byte)'X', 3, 0, 0, 0, 0x61, 0x62, 0xFF], [(byte)'X', 0xFF, 0xFF, 0xFF, 0xFF], [0x8C, 2, 0xC3, 0x28], [0x8D, 1, 0, 0, 0, 0, 0, 0, 0x80, 0], [0x8E, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0],
        [0x95, 0, 0, 0, 0, 0, 0, 0, 0], [(byte)'h', 0], [(byte)'h', 9], [(byte)'j', 1, 0, 0, 0], [(byte)'q', 0], [(byte)'r', 0xFF, 0xFF, 0xFF, 0xFF], [0x97], [0x82, 1], [(byte)'i'], [(byte)'P'],
        .. new[]
        {
            "cos\nsystem\n", "cbuiltins\neval\n", "ccollections\nOrderedDict\n", "ctorch._utils\n_rebuild_tensor_v2\n", "ctorch._utils\n_rebuild_parameter\n", "ctorch._tensor\n_rebuild_from_type_v2\n", "ctorch\nFloatStorage\n",
            "ctorch\nUntypedStorage\n", "ccopyreg\n_reconstructor\n", "cargparse\nNamespace\n", "c\n\n", "cx",
        }.Select(Encoding.ASCII.GetBytes),
    ];

    public static IReadOnlyList<Mutation> All { get; } = [Put, Put, Overwrite, TakeOut, .. ByteMutations.All];

    public static byte[] Put(byte[] input, Draw draw)
    {
        var at = draw.Below(input.Length + 1);
        return [.. input[..at], .. draw.Of(Parts), .. input[at..]];
    }

    public static byte[] Overwrite(byte[] input, Draw draw)
    {
        var (part, at) = (draw.Of(Parts), draw.Below(input.Length));
        return [.. input[..at], .. part, .. input[Math.Min(input.Length, at + part.Length)..]];
    }

    public static byte[] TakeOut(byte[] input, Draw draw)
    {
        var at = draw.Below(input.Length);
        return [.. input[..at], .. input[Math.Min(input.Length, at + 1 + draw.Below(6))..]];
    }
}
