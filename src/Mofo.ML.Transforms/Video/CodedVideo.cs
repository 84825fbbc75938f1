using Mofo.ML.Transforms.Video.Codecs;
using Mofo.ML.Transforms.Video.Containers;

namespace Mofo.ML.Transforms.Video;

/// <summary>A video file as it is coded: checked, with what container, codec and packets say of it, and ready to be decoded any number of times.</summary>
internal sealed class CodedVideo : IDisposable
{
    /// <summary>Pixels of a picture above which a video is opened for <see cref="DecoderUse.LargePictures"/>.</summary>
    private const long MostOfSmall = 1280 * 720;

    private static readonly ColourTags Unspecified = new(2, 2, null);

    private readonly string _path;
    private readonly string _fullPath;
    private readonly VideoSegment _segment;
    private readonly VideoReading _reading;
    private readonly CancellationToken _cancel;
    private readonly TemporaryCopy? _copy;
    private DecoderUse _use = DecoderUse.SmallPictures;

    /// <param name="path">As the caller gave it, for messages.</param>
    /// <param name="fullPath">The file.</param>
    /// <param name="segment">What will be read of it.</param>
    /// <param name="reading">Limits and a token.</param>
    /// <param name="cancel">A second token.</param>
    /// <exception cref="VideoException">No file, no video, truncated, or beyond the limits.</exception>
    public CodedVideo(string path, string fullPath, VideoSegment segment, VideoReading reading, CancellationToken cancel)
    {
        (_path, _fullPath, _segment, _reading, _cancel) = (path, fullPath, segment, reading, cancel);
        using var file = RegularFile.Open(path, fullPath, reading.Limits.MaxBytes);
        Container = Containers.Container.Read(path, file, reading.Limits, ThrowIfCancelled);
        _copy = Container.CoverArtFirst.Count > 0 ? new TemporaryCopy(path, file, Container.CoverArtFirst, cancel) : null;
    }

    public ContainerFacts Container { get; }

    /// <summary>Whether a decoder goes to a moment by the container's index; other containers have none, or times that a seek upsets.</summary>
    public bool CanSeek => Container.Kind is ContainerKind.IsoMedia or ContainerKind.Matroska;

    public VideoCodec Codec { get; private set; } = VideoCodec.Of("");

    /// <summary>Null for codecs whose packets are not looked at.</summary>
    public PacketScan? Packets { get; private set; }

    /// <summary>The coded stream's own word counts, the container's where that is missing.</summary>
    public ColourTags Colours
    {
        get
        {
            var (first, second) = (Packets?.First?.Colours ?? Unspecified, Container.Colours ?? Unspecified);
            return new(
                first.Transfer == Unspecified.Transfer ? second.Transfer : first.Transfer,
                first.Matrix == Unspecified.Matrix ? second.Matrix : first.Matrix,
                first.FullRange ?? second.FullRange);
        }
    }

    /// <summary>Whether the values go from 0 to 255 and OpenCV takes them for 16 to 235.</summary>
    public bool FullRangeMissed => Codec.FollowsTags && Colours is { FullRange: true, Matrix: not ColourConversion.Rgb } && !(Codec.TellsFullRange && Packets?.First is not { Depth: > 8 });

    public IReadOnlyList<string> Remarks => VideoRemarks.Of(Container, Packets?.First, Colours, Codec);

    /// <summary>A decoder at the beginning of the video.</summary>
    /// <exception cref="VideoException">It does not open, has no video that is read, or one whose size changes.</exception>
    public Decoder OpenDecoder()
    {
        Decoder? decoder = null;
        try
        {
            decoder = NewDecoder();
            Check(decoder);
            if (_use == DecoderUse.SmallPictures && decoder.Size is var (width, height) && width * height > MostOfSmall)
            {
                // The size is known only from an open decoder; the next ones of this video open once.
                _use = DecoderUse.LargePictures;
                decoder.Dispose();
                decoder = NewDecoder();
            }

            return decoder;
        }
        catch (VideoException) when (decoder is null && VideoCodec.Undecodable(Container.Codec) is { } problem)
        {
            throw new VideoException(_path, problem);
        }
        catch
        {
            decoder?.Dispose();
            throw;
        }
    }

    public void Dispose() => _copy?.Dispose();

    /// <summary>The seconds that are looked at; null for all of it, as where the end can only be found by its packets.</summary>
    private (double Start, double End)? Part =>
        CanSeek && Container.DeclaresLength && !_segment.IsInFrames && _segment.Fragment.Length > 0 ? (_segment.StartSeconds ?? 0, _segment.EndSeconds ?? double.PositiveInfinity) : null;

    private Decoder NewDecoder() => new(_path, _copy?.Path ?? _fullPath, _use, _reading, _cancel);

    private void Check(Decoder decoder)
    {
        if (decoder.IsCover)
        {
            throw new VideoException(_path, "its first pictures are a cover, not the video; remove the cover: ffmpeg -i FILE -map 0:V:0 -c copy OUT.mp4");
        }

        var (width, height) = decoder.Size;
        Containers.Container.CheckSize(_path, width, height, _reading.Limits);
        Codec = VideoCodec.Of(decoder.FourCC);
        if (Codec.ReadHeader is null)
        {
            return;
        }

        Packets = PacketScan.Of(_path, _fullPath, _copy?.Path ?? _fullPath, Codec, Part, _reading, _cancel);
        if (Packets.First is { } first)
        {
            Containers.Container.CheckSize(_path, first.Width, first.Height, _reading.Limits);
        }

        if (Packets.Change is { } change)
        {
            throw Containers.Container.SizeChange(_path, (Packets.First!.Width, Packets.First.Height), (change.Header.Width, change.Header.Height), Invariant($"at frame {change.Packet}"));
        }
    }

    private void ThrowIfCancelled()
    {
        _cancel.ThrowIfCancellationRequested();
        _reading.Cancel.ThrowIfCancellationRequested();
    }
}
