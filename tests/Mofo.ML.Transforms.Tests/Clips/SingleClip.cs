using Mofo.ML.Transforms.Clips;

namespace Mofo.ML.Transforms.Tests;

/// <summary>One clip of a video, where the library reads several in one pass.</summary>
internal static class SingleClip
{
    /// <summary>The frames that <paramref name="sample"/> picks, given the video's number of frames.</summary>
    public static Clip Read(this IClipSource clips, ClipSource source, Func<int, int[]> sample) => clips.ReadViews(source, frames => [sample(frames)])[0];
}
