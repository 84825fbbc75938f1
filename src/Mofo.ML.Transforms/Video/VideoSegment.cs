using System.Diagnostics.CodeAnalysis;
using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms;

/// <summary>A part of a video, from a start to an end, so that long recordings need not be cut first.</summary>
/// <remarks>
/// Its text, <see cref="ToString"/>, is an address that stands wherever the path of a video does: in lists, in the <c>VideoPath</c> column, for
/// <see cref="MotionDetector"/>. It is the path with a temporal fragment as W3C's Media Fragments URI 1.0 (section 4.2.1) defines it,
/// <c>long.mp4#t=12.5,15</c>, or with numbers of frames, <c>long.mp4#frames=300,360</c>. Frames of a segment, and the boxes for them, are counted from its start.
/// </remarks>
public readonly record struct VideoSegment
{
    private VideoSegment(string videoPath, double? startSeconds, double? endSeconds, int? startFrame, int? endFrame)
    {
        ArgumentException.ThrowIfNullOrEmpty(videoPath);
        VideoPath = videoPath;
        (StartSeconds, EndSeconds, StartFrame, EndFrame) = (startSeconds, endSeconds, startFrame, endFrame);
    }

    /// <summary>The whole video: a file, or a folder with one image per frame.</summary>
    public string VideoPath { get; }

    /// <summary>Seconds from the first frame; null for the beginning, or where the segment is given in frames.</summary>
    public double? StartSeconds { get; }

    /// <summary>Seconds from the first frame; a frame that is shown at this moment or later is not part of the segment. Null for the end of the video.</summary>
    public double? EndSeconds { get; }

    /// <summary>Number of the first frame, from 0; null for the beginning, or where the segment is given in seconds.</summary>
    public int? StartFrame { get; }

    /// <summary>Number of the first frame behind the segment, from 0; null for the end of the video.</summary>
    public int? EndFrame { get; }

    /// <summary>Whether start and end are numbers of frames.</summary>
    public bool IsInFrames => StartFrame is not null || EndFrame is not null;

    /// <summary>The part between two moments.</summary>
    /// <param name="videoPath">The whole video. A folder of images has no clock: give its parts in frames.</param>
    /// <param name="start">Seconds from the first frame, at least 0; null for the beginning.</param>
    /// <param name="end">Seconds from the first frame, above <paramref name="start"/>; null for the end. Beyond the end of the video, it is the end.</param>
    /// <returns>The segment.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A time is negative, not finite, or the end is not above the start.</exception>
    public static VideoSegment OfSeconds(string videoPath, double? start, double? end)
    {
        Require(start is null or (>= 0 and < double.PositiveInfinity), nameof(start), start, "it must be at least 0");
        Require(end is null || (end > (start ?? 0) && double.IsFinite(end.Value)), nameof(end), end, Invariant($"it must be above the start, {start ?? 0}"));
        return new VideoSegment(videoPath, start, end, null, null);
    }

    /// <summary>The part between two frames.</summary>
    /// <param name="videoPath">The whole video.</param>
    /// <param name="start">Number of the first frame, from 0; null for the beginning.</param>
    /// <param name="end">Number of the first frame behind the part, above <paramref name="start"/>; null for the end. Beyond the end of the video, it is the end.</param>
    /// <returns>The segment.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative, or the end is not above the start.</exception>
    public static VideoSegment OfFrames(string videoPath, int? start, int? end)
    {
        Require(start is null or >= 0, nameof(start), start, "it must be at least 0");
        Require(end is null || end > (start ?? 0), nameof(end), end, Invariant($"it must be above the start, {start ?? 0}"));
        return new VideoSegment(videoPath, null, null, start, end);
    }

    /// <summary>Reads an address.</summary>
    /// <param name="address">A path with a fragment, as <see cref="ToString"/> gives it. Times may be written <c>h:mm:ss.fff</c>.</param>
    /// <param name="segment">The segment.</param>
    /// <returns>False for a path without a fragment, and for a fragment that is no segment.</returns>
    public static bool TryParse([NotNullWhen(true)] string? address, out VideoSegment segment)
    {
        segment = default;
        return address is not null && SegmentFragment.TryParse(address, out segment);
    }

    /// <summary>The address.</summary>
    /// <returns>The path with a fragment; the path alone for a segment without start and end.</returns>
    public override string ToString() => VideoPath + Fragment;

    /// <summary>The address without the path; empty for the whole video.</summary>
    internal string Fragment => SegmentFragment.Of(this);

    /// <summary>The segment that an address names; the whole video where it is a plain path, or where a file of exactly this name exists.</summary>
    internal static VideoSegment Of(string address) =>
        TryParse(address, out var segment) && !Path.Exists(address) ? segment : new VideoSegment(address, null, null, null, null);

    private static void Require(bool holds, string name, object? value, string rule)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(name, value, Invariant($"{name} is {value}; {rule}."));
        }
    }
}
