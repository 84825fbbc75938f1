using System.Runtime.InteropServices;
using Mofo.ML.Transforms;

namespace Mofo.ML.Cli.Commands;

/// <summary>What the detector found in one video, or why the video cannot be read.</summary>
/// <param name="Track">The boxes; null where it cannot.</param>
/// <param name="Problem">Null where it can.</param>
internal sealed record DetectedVideo(BoxTrack? Track, VideoException? Problem)
{
    /// <param name="row">The video.</param>
    /// <param name="detector">Finds the boxes.</param>
    /// <param name="bad">Told about a video that cannot be read; may throw.</param>
    /// <param name="cancel">Stops the work.</param>
    public static DetectedVideo Of(VideoRow row, MotionDetector detector, Action<VideoException> bad, CancellationToken cancel)
    {
        try
        {
            return new DetectedVideo(detector.Detect(row.VideoPath, cancel), null);
        }
        catch (VideoException e)
        {
            bad(e);
            return new DetectedVideo(null, e);
        }
    }

    /// <summary>Writes it for another process.</summary>
    public static void Write(BinaryWriter writer, DetectedVideo video)
    {
        writer.Write(video.Track is not null);
        if (video.Track is { } track)
        {
            writer.Write(track.FrameWidth);
            writer.Write(track.FrameHeight);
            writer.Write(track.MotionStrength);
            writer.Write(track.MotionFound);
            writer.Write(track.PerFrame.Count + 1);
            writer.Write(MemoryMarshal.AsBytes<MotionBox>([track.Union, .. track.PerFrame]));
        }
        else
        {
            writer.Write(video.Problem!.File);
            writer.Write(video.Problem.Reason);
        }
    }

    /// <summary>Reads what was written.</summary>
    public static DetectedVideo Read(BinaryReader reader)
    {
        if (!reader.ReadBoolean())
        {
            return new DetectedVideo(null, new VideoException(reader.ReadString(), reader.ReadString()));
        }

        var (width, height, strength, found) = (reader.ReadInt32(), reader.ReadInt32(), reader.ReadSingle(), reader.ReadBoolean());
        var boxes = new MotionBox[reader.ReadInt32()];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(boxes.AsSpan()));
        return new DetectedVideo(new BoxTrack(width, height, boxes[1..], boxes[0], strength, found), null);
    }
}
