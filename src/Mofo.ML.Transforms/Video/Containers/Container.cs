using System.Globalization;

namespace Mofo.ML.Transforms.Video.Containers;

/// <summary>Looks at a file before the decoder gets it: whether it is a video at all, whether it is whole, and what it says of itself.</summary>
internal static class Container
{
    private const int SecondLook = 4 << 20; // enough for the first picture of Motion JPEG

    /// <exception cref="VideoException">No video, text, a picture, truncated, or beyond the limits.</exception>
    public static ContainerFacts Read(string video, Stream file, VideoLimits limits, Action checkCancelled)
    {
        var head = Head(file, Signatures.HeadLength);
        if (FilesOfOtherKinds.IsJpeg(head))
        {
            head = Head(file, SecondLook);
        }

        var kind = Signatures.Identify(head, out var reason) ?? throw new VideoException(video, reason);
        var facts = kind switch
        {
            ContainerKind.IsoMedia => IsoMedia.Read(video, file, checkCancelled),
            ContainerKind.Matroska => Matroska.Read(video, file, checkCancelled),
            ContainerKind.Avi => AviHeader.Read(video, file, head),
            ContainerKind.Ogg => OggPages.Read(video, file, checkCancelled),
            ContainerKind.Gif => GifBlocks.Read(video, file, checkCancelled),
            ContainerKind.Apng => PngChunks.Read(video, file, checkCancelled),
            _ => new ContainerFacts(kind),
        };
        Check(video, facts, limits);
        return facts;
    }

    /// <summary>Refuses pictures that are too large before memory is allocated for them.</summary>
    /// <param name="video">Path for messages.</param>
    /// <param name="width">Of one picture.</param>
    /// <param name="height">Of one picture.</param>
    /// <param name="limits">The limit.</param>
    /// <param name="picture">What the message is about.</param>
    public static void CheckSize(string video, long width, long height, VideoLimits limits, string picture = "its picture")
    {
        if (width * height > limits.MaxPixels)
        {
            throw new VideoException(video, string.Create(CultureInfo.InvariantCulture, $"{picture} has {width}x{height} pixels; at most {limits.MaxPixels} pixels are read ({nameof(VideoLimits)}.{nameof(VideoLimits.MaxPixels)})"));
        }
    }

    /// <summary>Refuses videos that are too long.</summary>
    public static void CheckFrames(string video, long frames, VideoLimits limits)
    {
        if (frames > limits.MaxFrames)
        {
            throw new VideoException(video, string.Create(CultureInfo.InvariantCulture, $"it has more than {limits.MaxFrames} frames ({nameof(VideoLimits)}.{nameof(VideoLimits.MaxFrames)})"));
        }
    }

    private static void Check(string video, ContainerFacts facts, VideoLimits limits)
    {
        if (facts.Problem is { } problem)
        {
            throw new VideoException(video, $"cannot be opened as a video: {problem}");
        }

        CheckSize(video, facts.Size.Width, facts.Size.Height, limits);
        CheckFrames(video, facts.ListedFrames ?? 0, limits);
        if (facts.OtherSize is { } other)
        {
            throw SizeChange(video, facts.Size, other, "in the middle");
        }
    }

    /// <summary>The error for a video whose pictures change their size: the decoder would silently repeat the last picture of the first size.</summary>
    public static VideoException SizeChange(string video, (int Width, int Height) from, (int Width, int Height) to, string where) => new(
        video,
        Invariant($"the size of its pictures changes from {from.Width}x{from.Height} to {to.Width}x{to.Height} {where}, which the decoder cannot follow; ")
        + Invariant($"bring all to one size: ffmpeg -i FILE -vf scale={from.Width}:{from.Height} -c:v libx264 -crf 18 OUT.mp4"));

    private static byte[] Head(Stream file, int length)
    {
        var head = new byte[Math.Min(length, file.Length)];
        file.Position = 0;
        file.ReadExactly(head);
        return head;
    }
}
