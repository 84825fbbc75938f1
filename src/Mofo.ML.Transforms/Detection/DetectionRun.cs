using System.Numerics.Tensors;
using Mofo.ML.Transforms.MotionBoxes;
using Mofo.ML.Transforms.MotionMaps;
using Mofo.ML.Transforms.OpticalFlow;
using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms.Detection;

/// <summary>One pass over one video: frames → flow → map → boxes. Holds a window of flows and a few frames, however long the video is.</summary>
internal sealed class DetectionRun : IDisposable
{
    private const int Border = 8; // pixels of the flow's size at the edge of a map that are always zero
    private const int UnreliableEdge = 12; // likewise: flow this near to the edge is unreliable when the camera moves; measured: false motion of a trembling camera falls to a third
    private readonly MotionDetectionOptions _options;
    private readonly IDetectionRules _rules;
    private readonly Action<MotionFrame>? _onFrame;
    private readonly bool _showsPictures; // to whom looks at the frames
    private readonly Action _checkCancelled;
    private readonly FrameReader _reader;
    private readonly ReducedPicture _size;
    private readonly MapSize _mapSize;
    private readonly IOpticalFlow[] _flows;
    private readonly FlowField[] _fields;
    private readonly BlackBars? _bars;
    private readonly CameraMotion? _camera;
    private readonly MotionMapBuilder _maps;
    private readonly IClipBoxes _boxes;
    private readonly Stack<byte[]> _grays = new(); // of frames that are done, to be written again
    private readonly Queue<Frame> _waiting = new(); // frames whose map is not known yet; empty where they are not needed
    private readonly string _path;
    private readonly IFrameTaker? _taker; // a stage behind this one that needs frames too
    private int _done;

    public DetectionRun(string path, VideoReading reading, MotionDetectionOptions options, FlowMaker makeFlow, Action<MotionFrame>? onFrame, bool showsPictures, Action checkCancelled, CancellationToken cancel)
    {
        (_path, _options, _onFrame, _showsPictures, _checkCancelled) = (path, options, onFrame, showsPictures, checkCancelled);
        _rules = options.ReleaseCompatible ? new ReleaseRules(options.Rules) : new PaperRules(options);
        _reader = FrameReader.Open(path, reading, cancel);
        _taker = FrameAudience.Present?.Expect(path, _reader.Facts, reading.Limits);
        _size = new ReducedPicture(_reader.Width, _reader.Height, options.FlowShortSide);
        var threads = options.FlowThreads == 0 ? Math.Min(Environment.ProcessorCount, 8) : options.FlowThreads;
        _mapSize = _rules.SizeOfMaps(_size);
        _flows = [.. Enumerable.Range(0, threads).Select(_ => Prepared(makeFlow(_size.Width, _size.Height)))];
        _fields = [.. Enumerable.Range(0, threads).Select(_ => new FlowField(_mapSize.Width, _mapSize.Height))];
        _camera = _rules.CameraOf(_mapSize);
        _bars = _camera is null ? null : new BlackBars(_size.Width, _size.Height);
        _maps = new MotionMapBuilder(_mapSize.Width, _mapSize.Height, options.Window, Border / _mapSize.Reduction);
        _boxes = _rules.BoxesOf(_reader.Width, _reader.Height, _size, _mapSize);
        _reader.ReusesMemory = _taker is not { KeepsFrames: true } && !KeepsFrames;
    }

    private bool KeepsFrames => (_onFrame is not null && _showsPictures) || _boxes.NeedsPicture;

    public BoxTrack Run()
    {
        var grays = new List<(byte[] Pixels, PictureArea Area)>(_flows.Length + 1);
        while (Fill(grays))
        {
            Parallel.For(0, grays.Count - 1, i => _flows[i].Compute(grays[i].Pixels, grays[i + 1].Pixels, _fields[i]));
            for (var i = 0; i < grays.Count - 1; i++)
            {
                _maps.Add(WithoutCamera(_fields[i], grays[i + 1].Area));
                TakeMaps();
            }

            // The last frame of this batch is the first of the next.
            var done = grays.Count - 1;
            grays.GetRange(0, done).ForEach(gray => _grays.Push(gray.Pixels));
            grays.RemoveRange(0, done);
        }

        _taker?.Complete();
        _maps.Complete();
        TakeMaps();
        Report();
        return _boxes.Finish();
    }

    public void Dispose()
    {
        _taker?.Dispose();
        _reader.Dispose();
        _boxes.Dispose();
        foreach (var flow in _flows)
        {
            flow.Dispose();
        }
    }

    /// <summary>Reads until there is a pair for every flow; false when no pair is left.</summary>
    private bool Fill(List<(byte[] Pixels, PictureArea Area)> grays)
    {
        while (grays.Count <= _flows.Length)
        {
            _checkCancelled();
            if (!_reader.TryRead(out var frame))
            {
                break;
            }

            _taker?.Take(frame);
            var gray = _size.ToGray(frame, _grays.TryPop(out var free) ? free : null);
            grays.Add((gray, _bars?.Take(gray) ?? default)); // the area is for the camera alone
            if (KeepsFrames)
            {
                _waiting.Enqueue(frame);
            }
        }

        return grays.Count > 1;
    }

    /// <summary>What becomes of a flow before the map.</summary>
    private IOpticalFlow Prepared(IOpticalFlow flow)
    {
        if (_options.Quantize)
        {
            flow = new QuantizedFlow(flow, _rules.UnitsPerPixel / FlowQuantizer.LevelsPerPixel);
        }

        return _mapSize.Reduction == 2 ? new HalvedFlow(_size.Width, _size.Height, flow) : flow;
    }

    private FlowField WithoutCamera(FlowField flow, PictureArea area)
    {
        if (!_options.Quantize && _rules.UnitsPerPixel != 1)
        {
            TensorPrimitives.Multiply(flow.X, _rules.UnitsPerPixel, flow.X);
            TensorPrimitives.Multiply(flow.Y, _rules.UnitsPerPixel, flow.Y);
        }

        _camera?.Remove(flow, UnreliableEdge / _mapSize.Reduction, area.Reduced(_mapSize.Reduction, _mapSize.Width, _mapSize.Height));
        return flow;
    }

    private void TakeMaps()
    {
        while (_maps.TryTake(out var map))
        {
            _checkCancelled();
            var picture = KeepsFrames ? _waiting.Dequeue() : null;
            var box = _boxes.Add(map, picture);
            if (_onFrame is not null)
            {
                _onFrame(new MotionFrame(_done, _reader.Width, _reader.Height, picture?.Pixels, map.Width, map.Height, map.Values, PerUnit(map), box));
            }

            if (++_done % 16 == 0)
            {
                Report();
            }
        }
    }

    // The difference kernel spans 6 pixels in all.
    private float PerUnit(MotionMap map) => 1f / (6 * map.Flows) / _rules.UnitsPerPixel;

    private void Report() => _options.Progress?.Report(new MotionDetectionProgress(_path, _done, _reader.DeclaredFrameCount, FromCache: false));
}
