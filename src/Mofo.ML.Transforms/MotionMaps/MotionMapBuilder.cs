using System.Numerics.Tensors;
using Mofo.ML.Transforms.OpticalFlow;

namespace Mofo.ML.Transforms.MotionMaps;

/// <summary>Turns flow fields, one by one, into one motion map per frame; holds one window of flows whatever the length of the video.</summary>
/// <remarks>
/// n frames have n-1 flows; the last one is repeated (a single frame has a flow of zero). Frame i uses the flows
/// [i-3, i+4] of 8 (for any window from i-(window-1)/2 on), moved inside where the clip begins or ends, all of them where there are fewer.
/// </remarks>
internal sealed class MotionMapBuilder(int width, int height, int window, int border)
{
    private readonly FlowField[] _ring = [.. Enumerable.Range(0, window).Select(_ => new FlowField(width, height))];
    private readonly float[] _sum = new float[width * height];
    private readonly FlowDerivative _derivative = new(width, height);
    private readonly MotionMap _latest = new(width, height);
    private (int Start, int Count) _latestWindow = (-1, 0);
    private int _added;
    private int _next;
    private bool _complete;

    /// <summary>Takes a copy of the flow of the next frame pair. All maps that are ready must have been taken before.</summary>
    public void Add(FlowField flow)
    {
        if (_complete || IsReady)
        {
            throw new InvalidOperationException(_complete ? "The clip is complete." : Invariant($"The map of frame {_next} is ready and must be taken first."));
        }

        var slot = _ring[_added % window];
        flow.X.CopyTo(slot.X, 0);
        flow.Y.CopyTo(slot.Y, 0);
        _added++;
    }

    /// <summary>Says that no flow follows: the last one is repeated and the maps of all remaining frames are ready.</summary>
    public void Complete()
    {
        if (_complete)
        {
            return;
        }

        var last = _ring[(_added + window - 1) % window];
        var slot = _ring[_added % window];
        if (_added == 0)
        {
            Array.Clear(slot.X);
            Array.Clear(slot.Y);
        }
        else
        {
            last.X.CopyTo(slot.X, 0);
            last.Y.CopyTo(slot.Y, 0);
        }

        _added++;
        _complete = true;
    }

    /// <summary>The map of the next frame, when its window is known. It is valid until the next call.</summary>
    public bool TryTake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out MotionMap? map)
    {
        if (!IsReady)
        {
            map = null;
            return false;
        }

        var wanted = WindowOf(_next);
        if (wanted != _latestWindow)
        {
            _latestWindow = wanted;
            Compute();
        }

        ComputeOwn(_ring[_next++ % window]);

        map = _latest;
        return true;
    }

    private bool IsReady => _complete ? _next < _added : _added >= WindowOf(_next).Start + window;

    private (int Start, int Count) WindowOf(int frame)
    {
        var start = Math.Max(0, frame - ((window - 1) / 2));
        return _complete ? (Math.Clamp(start, 0, Math.Max(0, _added - window)), Math.Min(window, _added)) : (start, window);
    }

    private void Compute()
    {
        Array.Clear(_latest.Values);
        _latest.Flows = _latestWindow.Count;
        AddComponent(flow => flow.X);
        AddComponent(flow => flow.Y);
    }

    private void ComputeOwn(FlowField flow)
    {
        Array.Clear(_latest.OwnValues);
        _derivative.AddMagnitude(flow.X, 0.5f, border, _latest.OwnValues);
        _derivative.AddMagnitude(flow.Y, 0.5f, border, _latest.OwnValues);
    }

    private void AddComponent(Func<FlowField, float[]> component)
    {
        // The derivative is linear, so that the derivative of the sum is the sum of the derivatives. The sum is computed again each time: a running sum drifts.
        component(_ring[_latestWindow.Start % window]).CopyTo(_sum, 0);
        for (var i = 1; i < _latestWindow.Count; i++)
        {
            TensorPrimitives.Add(_sum, component(_ring[(_latestWindow.Start + i) % window]), _sum);
        }

        _derivative.AddMagnitude(_sum, 0.5f, border, _latest.Values);
    }
}
