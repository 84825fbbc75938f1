using System.Runtime.CompilerServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Model.Layers;

/// <summary>Copies tokens of all heads to one block of memory a head, and back, in any type: batched products read contiguous heads fastest.</summary>
internal static unsafe class HeadLayout
{
    /// <summary>Samples from the first on, [G,N,P*h*d] -> [P,G*h,N,d].</summary>
    /// <param name="tokens">[B,N,P*h*d], contiguous, on the CPU.</param>
    /// <param name="first">The first sample.</param>
    /// <param name="samples">How many (G).</param>
    /// <param name="parts">Parts that lie side by side in a token: 3 for queries, keys and values (P).</param>
    /// <param name="heads">Heads of a part (h).</param>
    public static Tensor Split(Tensor tokens, long first, long samples, int parts, int heads)
    {
        var (count, perHead) = (tokens.shape[1], tokens.shape[2] / (parts * heads));
        var split = empty([parts, samples * heads, count, perHead], tokens.dtype);
        for (var part = 0; part < parts; part++)
        {
            using var target = split[part];
            Copy(tokens, first, samples, (part, parts), heads, target, toHeads: true);
        }

        return split;
    }

    /// <summary>One part back to its place in the tokens: [G*h,N,d] into [B,N,P*h*d].</summary>
    /// <param name="split">[G*h,N,d], contiguous.</param>
    /// <param name="tokens">[B,N,P*h*d], contiguous, on the CPU; written.</param>
    /// <param name="first">The first sample.</param>
    /// <param name="part">Which part, and how many there are.</param>
    /// <param name="heads">Heads of a part (h).</param>
    public static void Merge(Tensor split, Tensor tokens, long first, (int Index, int Count) part, int heads) =>
        Copy(tokens, first, split.shape[0] / heads, part, heads, split, toHeads: false);

    private static void Copy(Tensor tokens, long first, long samples, (int Index, int Count) part, int heads, Tensor split, bool toHeads)
    {
        var count = tokens.shape[1];
        var head = tokens.shape[2] / (part.Count * heads) * tokens.element_size(); // bytes of a token's head
        var token = head * heads * part.Count;
        var inTokens = (byte*)TensorMemory.Address(tokens);
        var inHeads = (byte*)TensorMemory.Address(split);
        for (var sample = 0L; sample < samples; sample++)
        {
            for (var index = 0; index < heads; index++)
            {
                var row = inTokens + ((first + sample) * count * token) + (((part.Index * heads) + index) * head);
                for (var i = 0L; i < count; i++, row += token, inHeads += head)
                {
                    Unsafe.CopyBlockUnaligned(toHeads ? inHeads : row, toHeads ? row : inHeads, (uint)head);
                }
            }
        }
    }
}
