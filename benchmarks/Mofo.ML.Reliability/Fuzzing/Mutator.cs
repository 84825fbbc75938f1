using Mofo.ML.Reliability.Fuzzing.Mutations;

namespace Mofo.ML.Reliability.Fuzzing;

/// <summary>Makes the inputs of a campaign: each from a sound one by a few mutations, and each by its number alone.</summary>
internal sealed class Mutator(Parser parser, int seed)
{
    /// <summary>Longer results are cut: size alone finds nothing and costs time.</summary>
    private const int Longest = 1 << 18;

    private readonly IReadOnlyList<byte[]> _seeds = [.. parser.Seeds.Where(bytes => bytes.Length > 0)];
    private readonly int _longest = Math.Max(Longest, 2 * parser.Seeds.Max(bytes => bytes.Length));

    public byte[] Make(long index)
    {
        var draw = new Draw(seed, parser.Name, index, _seeds);
        var input = draw.Of(_seeds);

        // Mostly one or two: what is damaged in many places fails at the first.
        for (var mutations = 1 + (draw.OneIn(2) ? 0 : draw.OneIn(4) ? draw.Below(8) : 1); mutations > 0 && input.Length > 0; mutations--)
        {
            var known = parser.Mutations.Count > 0 && !draw.OneIn(4) ? parser.Mutations : ByteMutations.All;
            input = draw.Of(known)(input, draw);
        }

        return input.Length > _longest ? input[.._longest] : input;
    }
}
