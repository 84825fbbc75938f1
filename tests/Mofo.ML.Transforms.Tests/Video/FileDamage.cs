namespace Mofo.ML.Transforms.Tests.Video;

/// <summary>Ways to spoil a file, each the same for the same random numbers.</summary>
internal static class FileDamage
{
    private delegate byte[] Damage(byte[] whole, byte[] other, Random random);

    private static readonly (string Name, Damage Apply)[] Kinds =
    [
        ("cut", (whole, _, random) => whole[..random.Next(whole.Length)]),
        ("header", (whole, _, random) => Flip(whole, random, Math.Min(600, whole.Length))),
        ("bytes", (whole, _, random) => Flip(whole, random, whole.Length)),
        ("zeros", (whole, _, random) => Overwrite(whole, random, (span, _) => span.Clear())),
        ("noise", (whole, _, random) => Overwrite(whole, random, (span, source) => source.NextBytes(span))),
        ("splice", (whole, other, random) => [.. whole[..random.Next(whole.Length)], .. other[random.Next(other.Length)..]]),
        ("hole", Remove),
        ("twice", (whole, _, _) => [.. whole, .. whole]),
        ("name", (whole, _, _) => whole), // the content of one container under the name of another
    ];

    private static readonly string[] Names = [".avi", ".mp4", ".mkv", ".webm", ".gif", ".mov", ".ogv", ".png", ".mpg", ".ts"];

    /// <summary>Writes one spoilt copy of every kind.</summary>
    /// <param name="path">The sound file.</param>
    /// <param name="other">Another one, for splices.</param>
    /// <param name="folder">Where the copies go.</param>
    /// <param name="seed">Decides about everything that is random.</param>
    public static void WriteAll(string path, string other, string folder, int seed)
    {
        var (whole, second) = (File.ReadAllBytes(path), File.ReadAllBytes(other));
        var random = new Random(seed);
        foreach (var (name, apply) in Kinds)
        {
            var extension = name == "name" ? Names[random.Next(Names.Length)] : Path.GetExtension(path);
            File.WriteAllBytes(Path.Combine(folder, $"{seed}-{name}{extension}"), apply(whole, second, random));
        }
    }

    private static byte[] Flip(byte[] whole, Random random, int within)
    {
        var bytes = (byte[])whole.Clone();
        for (var count = random.Next(1, 60); count > 0; count--)
        {
            bytes[random.Next(within)] ^= (byte)(1 << random.Next(8));
        }

        return bytes;
    }

    private static byte[] Overwrite(byte[] whole, Random random, Action<Span<byte>, Random> with)
    {
        var bytes = (byte[])whole.Clone();
        var start = random.Next(bytes.Length);
        with(bytes.AsSpan(start, random.Next(Math.Min(bytes.Length - start, 20_000))), random);
        return bytes;
    }

    private static byte[] Remove(byte[] whole, byte[] other, Random random)
    {
        var start = random.Next(whole.Length);
        return [.. whole[..start], .. whole[Math.Min(whole.Length, start + random.Next(1, 5000))..]];
    }
}
