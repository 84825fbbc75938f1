using Mofo.ML.Transforms.Video.Codecs;
using Mofo.ML.Transforms.Video.Containers;
using OpenCvSharp;

namespace Mofo.ML.Transforms.Video;

/// <summary>Frames of a container file, through OpenCV's FFmpeg backend.</summary>
/// <remarks>
/// A frame that fails to decode is no end: the decoder is asked again, and if frames follow, the file is damaged and says so.
/// Frames missing at the very end are tolerated as long as at least half of what the container lists has decoded
/// (dropped frames are legal, and many AVIs declare one frame too many).
/// </remarks>
internal sealed class CaptureSource : IFrameSource
{
    /// <summary>Failures in a row after which the stream counts as ended: real damage has been seen to span 6.</summary>
    private const int AttemptsAtEnd = 16;

    /// <summary>Frames that a decoder holds back at most: 16 for their order, 16 for its threads.</summary>
    private const int MostHeldBack = 32;

    private readonly string _path;
    private readonly VideoReading _reading;
    private readonly CancellationToken _cancel;
    private readonly ContainerFacts _container;
    private readonly TemporaryCopy? _copy;
    private readonly string _file;
    private readonly Mat _coded = new();
    private readonly Mat _turned = new();
    private readonly ColourConversion _colours;
    private readonly int? _packets;
    private Decoder _decoder;
    private bool _firstIsWaiting;
    private bool _retrieved;
    private int _moved;

    /// <param name="path">As the caller gave it, for messages.</param>
    /// <param name="fullPath">The file.</param>
    /// <param name="reading">Limits, warnings, cancellation.</param>
    /// <param name="cancel">A second token.</param>
    public CaptureSource(string path, string fullPath, VideoReading reading, CancellationToken cancel)
    {
        (_path, _reading, _cancel, _file) = (path, reading, cancel, fullPath);
        using (var file = RegularFile.Open(path, fullPath, reading.Limits.MaxBytes))
        {
            _container = Container.Read(path, file, reading.Limits, ThrowIfCancelled);
            if (_container.CoverArtFirst.Count > 0)
            {
                _copy = new TemporaryCopy(path, file, _container.CoverArtFirst, cancel);
                _file = _copy.Path;
            }
        }

        try
        {
            _decoder = OpenDecoder();
            if (_decoder.IsCover)
            {
                throw new VideoException(path, "its first pictures are a cover, not the video; remove the cover: ffmpeg -i FILE -map 0:V:0 -c copy OUT.mp4");
            }

            var codec = VideoCodec.Of(_decoder.FourCC);
            var scan = codec.ReadHeader is not null ? PacketScan.Of(path, fullPath, _file, codec, reading, cancel) : null;
            CheckPictures(scan);
            OpenFirst();
            var tags = Tags(scan?.First?.Colours, _container.Colours);
            _packets = scan?.Packets;
            _colours = new ColourConversion(codec.FollowsTags ? tags.Matrix : Unspecified.Matrix);
            Facts = ReadFacts() with { Remarks = VideoRemarks.Of(_container, scan?.First, tags, codec) };
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private static ColourTags Unspecified { get; } = new(2, 2, null);

    public VideoFile Facts { get; }

    public bool MoveNext()
    {
        if (_firstIsWaiting)
        {
            _firstIsWaiting = false;
            _moved = 1;
            return true;
        }

        _retrieved = false;
        if (_decoder.Grab())
        {
            Container.CheckFrames(_path, ++_moved, _reading.Limits);
            return true;
        }

        for (var attempt = 1; attempt < AttemptsAtEnd; attempt++)
        {
            if (!_decoder.Grab())
            {
                continue;
            }

            if (IsCutOffHere)
            {
                _moved++;
                return true;
            }

            throw new VideoException(_path, Invariant($"damaged: decoding stopped after {_moved} of {Facts.DeclaredFrameCount} frames"));
        }

        if (_container.ListedFrames is { } listed && _moved < listed / 2)
        {
            throw new VideoException(_path, Invariant($"damaged: decoding ended after {_moved} of {listed} frames"));
        }

        return false;
    }

    public unsafe Frame Current()
    {
        Retrieve();
        var picture = Facts.Orientation.Apply(_coded, _turned);
        if (picture.Width != Facts.Width || picture.Height != Facts.Height)
        {
            throw Container.SizeChange(_path, (Facts.Width, Facts.Height), (picture.Width, picture.Height), Invariant($"at frame {_moved - 1}"));
        }

        var pixels = GC.AllocateUninitializedArray<byte>(Facts.Width * Facts.Height * 3);
        fixed (byte* start = pixels)
        {
            using var rgb = Mat.FromPixelData(Facts.Height, Facts.Width, MatType.CV_8UC3, (nint)start);
            _colours.Convert(picture, rgb);
        }

        return new Frame(Facts.Width, Facts.Height, pixels);
    }

    public void Rewind()
    {
        if (!_firstIsWaiting)
        {
            // Seeking lands on other frames in some containers; opening again never does.
            _decoder.Dispose();
            _decoder = OpenDecoder();
            OpenFirst();
        }
    }

    public void Dispose()
    {
        _decoder?.Dispose();
        _copy?.Dispose();
        _coded.Dispose();
        _turned.Dispose();
        _colours?.Dispose();
    }

    /// <summary>
    /// Whether the failure may be the last packet of a recording that was cut off, behind which come only the frames that the decoder held back.
    /// Containers without a declared length are meant to be cut: broadcasts, live streams, recordings that were not finished.
    /// </summary>
    private bool IsCutOffHere => !_container.DeclaresLength && _packets is { } packets && _moved + MostHeldBack >= packets;

    /// <summary>The coded stream's own word counts, the container's where that is missing.</summary>
    private static ColourTags Tags(ColourTags? stream, ColourTags? container)
    {
        var (first, second) = (stream ?? Unspecified, container ?? Unspecified);
        return new(
            first.Transfer == Unspecified.Transfer ? second.Transfer : first.Transfer,
            first.Matrix == Unspecified.Matrix ? second.Matrix : first.Matrix,
            first.FullRange ?? second.FullRange);
    }

    private Decoder OpenDecoder()
    {
        try
        {
            return new Decoder(_path, _file, _reading, _cancel);
        }
        catch (VideoException) when (VideoCodec.Undecodable(_container.Codec) is { } problem)
        {
            throw new VideoException(_path, problem);
        }
    }

    private void CheckPictures(PacketScan? scan)
    {
        var (width, height) = _decoder.Size;
        Container.CheckSize(_path, width, height, _reading.Limits);
        if (scan?.First is { } first)
        {
            Container.CheckSize(_path, first.Width, first.Height, _reading.Limits);
        }

        if (scan?.Change is { } change)
        {
            throw Container.SizeChange(_path, (scan.First!.Width, scan.First.Height), (change.Header.Width, change.Header.Height), Invariant($"at frame {change.Packet}"));
        }
    }

    /// <summary>Decodes the first frame, which alone tells the true size. A clip cut between key frames may need some attempts.</summary>
    private void OpenFirst()
    {
        for (var attempt = 0; attempt < AttemptsAtEnd; attempt++)
        {
            if (_decoder.Grab())
            {
                _firstIsWaiting = true;
                _retrieved = false;
                _moved = 0;
                Retrieve();
                return;
            }
        }

        throw new VideoException(_path, VideoCodec.Undecodable(_container.Codec) ?? VideoCodec.Undecodable(_decoder.FourCC) ?? "the file has a video stream but no frame of it decodes");
    }

    private void Retrieve()
    {
        if (_retrieved)
        {
            return;
        }

        _retrieved = _decoder.Retrieve(_coded) && _coded.Type() == MatType.CV_8UC3;
        if (!_retrieved)
        {
            throw new VideoException(_path, Invariant($"frame {Math.Max(0, _moved - 1)} has no usable picture ({_coded.Width}x{_coded.Height}, {_coded.Channels()} channels)"));
        }

        Container.CheckSize(_path, _coded.Width, _coded.Height, _reading.Limits);
    }

    private VideoFile ReadFacts()
    {
        var orientation = _container.Orientation ?? PictureOrientation.OfRotation(_decoder.Rotation);
        var (width, height) = orientation.Shown(_coded.Width, _coded.Height);
        return new VideoFile(_path, width, height)
        {
            FramesPerSecond = _decoder.FramesPerSecond,
            DeclaredFrameCount = _container.ListedFrames is { } listed and > 0 ? listed : _decoder.DeclaredFrames,
            CountIsExact = _container.CountIsExact,
            Orientation = orientation,
        };
    }

    private void ThrowIfCancelled()
    {
        _cancel.ThrowIfCancellationRequested();
        _reading.Cancel.ThrowIfCancellationRequested();
    }
}
