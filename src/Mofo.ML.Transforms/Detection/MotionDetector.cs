using Microsoft.ML.Data;
using Mofo.ML.Transforms.Detection;
using Mofo.ML.Transforms.OpticalFlow;
using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms;

/// <summary>Finds what moves in a video apart from the camera: video file in, motion boxes out.</summary>
/// <remarks>
/// Frames are streamed: memory does not grow with the length of the video. Several calls may run at the same time on one detector.
/// A video of one frame has no motion and gets the fallback box; clips shorter than the window use all the flows they have.
/// </remarks>
public sealed class MotionDetector
{
    private readonly MotionDetectionOptions _options;
    private readonly FlowMaker _makeFlow;
    private readonly VideoReading _reading;
    private readonly DiskBoxCache? _cache;

    /// <summary>Makes a detector with a copy of the options.</summary>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <exception cref="MofoOptionsException">Lists every option that cannot be used.</exception>
    public MotionDetector(MotionDetectionOptions? options = null)
        : this(options, null)
    {
    }

    /// <summary>A detector whose flow is made by another maker than the one that the options name: on a GPU, or one that is compared with others.</summary>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <param name="makeFlow">Null for the flow of the options.</param>
    /// <param name="remark">Receives remarks about unusual videos; null for the receiver of the warnings.</param>
    internal MotionDetector(MotionDetectionOptions? options, FlowMaker? makeFlow, Action<string>? remark = null)
    {
        _options = (options ?? new MotionDetectionOptions()).Copy();
        _options.Validate();
        _makeFlow = makeFlow ?? ((width, height) => OpticalFlowFactory.Create(_options.Flow, width, height, _options.TvL1));
        _reading = new VideoReading(_options.VideoLimits, remark ?? _options.Warning, _options.CancellationToken);
        _cache = _options.CacheFolder is { } folder ? new DiskBoxCache(folder, _options) : null;
    }

    /// <summary>The boxes of one video, from the cache where they are known.</summary>
    /// <param name="videoPath">A video file, a folder with one image per frame, or the address of a <see cref="VideoSegment"/>.</param>
    /// <param name="cancellationToken">Stops the work, beside the token of the options.</param>
    /// <returns>One box per frame that decodes, and their union.</returns>
    /// <exception cref="VideoException">The file is missing, empty, no video, or damaged.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public BoxTrack Detect(string videoPath, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(videoPath);
        if (_cache is null)
        {
            return Run(videoPath, null, cancellationToken);
        }

        var key = _cache.KeyOf(videoPath, () => ThrowIfCancelled(cancellationToken));
        if (_cache.Find(key) is { } known)
        {
            _options.Progress?.Report(new MotionDetectionProgress(videoPath, known.PerFrame.Count, known.PerFrame.Count, FromCache: true));
            return known;
        }

        var track = Run(videoPath, null, cancellationToken);
        _cache.Store(key, track);
        return track;
    }

    /// <summary>The boxes of a video that comes from a stream.</summary>
    /// <param name="video">The bytes of a video file, from where the stream stands; it stays open.</param>
    /// <returns>As <see cref="Detect(string, CancellationToken)"/>.</returns>
    /// <remarks>The bytes lie in a <see cref="TemporaryVideo"/> meanwhile; make one yourself for a token of this call alone.</remarks>
    /// <exception cref="VideoException">The bytes are no video, or a damaged one.</exception>
    /// <exception cref="IOException">The folder for temporary files is missing, there is no room for the bytes, or the stream fails.</exception>
    /// <exception cref="UnauthorizedAccessException">Nothing may be written into the folder for temporary files.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public BoxTrack Detect(Stream video)
    {
        using var file = TemporaryVideo.FromStream(video);
        return Detect(file.Path);
    }

    /// <summary>The boxes of a video that lies in memory.</summary>
    /// <param name="video">The bytes of a video file.</param>
    /// <returns>As <see cref="Detect(string, CancellationToken)"/>.</returns>
    /// <remarks>The bytes lie in a <see cref="TemporaryVideo"/> meanwhile; make one yourself for a token of this call alone.</remarks>
    /// <exception cref="VideoException">The bytes are no video, or a damaged one.</exception>
    /// <exception cref="IOException">The folder for temporary files is missing, or there is no room for the bytes.</exception>
    /// <exception cref="UnauthorizedAccessException">Nothing may be written into the folder for temporary files.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public BoxTrack Detect(byte[] video)
    {
        using var file = TemporaryVideo.FromBytes(video);
        return Detect(file.Path);
    }

    /// <summary>The boxes of frames, as from a camera.</summary>
    /// <param name="frames">One image per frame, all of one size.</param>
    /// <returns>As <see cref="Detect(string, CancellationToken)"/>.</returns>
    /// <remarks>The frames lie in a <see cref="TemporaryVideo"/> meanwhile; make one yourself for a token of this call alone.</remarks>
    /// <exception cref="ArgumentException">There is no frame, or one has another size than the first.</exception>
    /// <exception cref="IOException">The folder for temporary files is missing, or there is no room for the frames.</exception>
    /// <exception cref="UnauthorizedAccessException">Nothing may be written into the folder for temporary files.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public BoxTrack Detect(IEnumerable<MLImage> frames)
    {
        using var folder = TemporaryVideo.FromImages(frames);
        return Detect(folder.Path);
    }

    /// <summary>The boxes of one video, with a look at every frame on the way; the cache is not used.</summary>
    /// <param name="videoPath">A video file, a folder with one image per frame, or the address of a <see cref="VideoSegment"/>.</param>
    /// <param name="onFrame">Called for every frame in order, on the calling thread.</param>
    /// <param name="cancellationToken">Stops the work, beside the token of the options.</param>
    /// <returns>One box per frame that decodes, and their union.</returns>
    /// <exception cref="VideoException">The file is missing, empty, no video, or damaged.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public BoxTrack DetectFrames(string videoPath, Action<MotionFrame> onFrame, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(videoPath);
        ArgumentNullException.ThrowIfNull(onFrame);
        return Run(videoPath, onFrame, cancellationToken);
    }

    /// <summary>As <see cref="DetectFrames"/> for who looks at the maps alone: no frame is kept, and <see cref="MotionFrame.Rgb"/> may be empty.</summary>
    internal BoxTrack DetectMaps(string videoPath, Action<MotionFrame> onFrame, CancellationToken cancellationToken = default) =>
        Run(videoPath, onFrame, cancellationToken, showsPictures: false);

    /// <summary>Opens a video as detection does: within the limits of the options, and until one of the tokens is cancelled.</summary>
    /// <exception cref="VideoException">The file is missing, empty, no video, damaged, or beyond the limits.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    internal FrameReader OpenFrames(string videoPath, CancellationToken cancellationToken) => FrameReader.Open(videoPath, _reading, cancellationToken);

    private BoxTrack Run(string videoPath, Action<MotionFrame>? onFrame, CancellationToken cancellationToken, bool showsPictures = true)
    {
        using var run = new DetectionRun(videoPath, _reading, _options, _makeFlow, onFrame, showsPictures, () => ThrowIfCancelled(cancellationToken), cancellationToken);
        return run.Run();
    }

    private void ThrowIfCancelled(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _options.CancellationToken.ThrowIfCancellationRequested();
    }
}
