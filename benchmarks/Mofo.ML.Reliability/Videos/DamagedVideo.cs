using Mofo.ML.Reliability.Fuzzing;
using Mofo.ML.Reliability.Fuzzing.Mutations;

namespace Mofo.ML.Reliability.Videos;

/// <summary>Damages a video file the way disks, networks and people do, each by its number alone.</summary>
internal sealed class DamagedVideo
{
    private const int LargestBlock = 20_000;
    private static readonly Mutation[] Large = [ByteMutations.Cut, Flip, Header, Overwrite, Overwrite, ByteMutations.Splice, Hole, Twice, Shuffle];
    private static readonly string[] Extensions = [".avi", ".mp4", ".mkv", ".webm", ".gif", ".mov", ".ogv", ".mpg", ".ts", ".flv", ".jpg", ""];

    private readonly int _seed;
    private readonly IReadOnlyList<string> _files;
    private readonly IReadOnlyList<byte[]> _seeds;

    public DamagedVideo(int seed, IReadOnlyList<string> files) => (_seed, _files, _seeds) = (seed, files, [.. files.Select(File.ReadAllBytes)]);

    /// <summary>Content, and the ending of its name: mostly that of the sound file.</summary>
    public (byte[] Bytes, string Extension) Make(int index)
    {
        var draw = new Draw(_seed, "videos", index, _seeds);
        var chosen = draw.Below(_seeds.Count);
        var bytes = _seeds[chosen];
        for (var count = 1 + draw.Below(3); count > 0 && bytes.Length > 0; count--)
        {
            bytes = draw.Of(draw.OneIn(2) ? Large : draw.OneIn(2) ? ChunkMutations.All : ByteMutations.All)(bytes, draw);
        }

        return (bytes, draw.OneIn(10) ? draw.Of(Extensions) : Path.GetExtension(_files[chosen]));
    }

    private static byte[] Flip(byte[] input, Draw draw) => Flipped(input, draw, input.Length);

    private static byte[] Header(byte[] input, Draw draw) => Flipped(input, draw, Math.Min(600, input.Length));

    private static byte[] Flipped(byte[] input, Draw draw, int within)
    {
        var bytes = (byte[])input.Clone();
        for (var count = 1 + draw.Below(60); count > 0; count--)
        {
            bytes[draw.Below(within)] ^= (byte)(1 << draw.Below(8));
        }

        return bytes;
    }

    private static byte[] Overwrite(byte[] input, Draw draw)
    {
        var bytes = (byte[])input.Clone();
        var start = draw.Below(bytes.Length);
        var length = 1 + draw.Below(Math.Min(bytes.Length - start, LargestBlock));
        (draw.OneIn(2) ? new byte[length] : draw.Bytes(length)).CopyTo(bytes, start);
        return bytes;
    }

    private static byte[] Hole(byte[] input, Draw draw)
    {
        var start = draw.Below(input.Length);
        return [.. input[..start], .. input[Math.Min(input.Length, start + 1 + draw.Below(5000))..]];
    }

    private static byte[] Twice(byte[] input, Draw draw) => [.. input, .. input];

    private static byte[] Shuffle(byte[] input, Draw draw)
    {
        var at = draw.Below(input.Length);
        return [.. input[at..], .. input[..at]];
    }
}
