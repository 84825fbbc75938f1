using System.Buffers;
using Microsoft.ML.OnnxRuntime;
using Mofo.ML.Transforms.MlNetBridge;
using Mofo.ML.Transforms.Scoring;

namespace Mofo.ML.Transforms.OnnxScoring;

/// <summary>An exported model loaded into ONNX Runtime: views in, one row of its output for each view out. Serves several threads.</summary>
internal sealed class OnnxNetwork : IDisposable
{
    private readonly InferenceSession _session;
    private readonly ScoringViews _views;
    private readonly string _output;
    private readonly bool _takesBoxes;

    /// <param name="model">The model.</param>
    /// <param name="options">Threads.</param>
    /// <param name="host">The MLContext's wish for a GPU, and its log.</param>
    /// <exception cref="InvalidDataException">ONNX Runtime cannot load the model.</exception>
    /// <exception cref="InvalidOperationException">A GPU is asked for, cannot be used, and falling back is not allowed.</exception>
    public OnnxNetwork(OnnxModelFile model, MofoOnnxModelOptions options, StageHost host)
    {
        _views = model.Facts.Views;
        _session = OnnxSession.Open(model, options, host);
        _output = model.Facts.Classes is null ? OnnxColumns.Features : OnnxColumns.Scores;
        _takesBoxes = _session.InputMetadata.ContainsKey(OnnxColumns.Boxes);
        if (!_session.OutputMetadata.TryGetValue(_output, out var output) || output.Dimensions is not [_, > 0 and var width])
        {
            _session.Dispose();
            throw new InvalidDataException($"The ONNX file '{model.Name}' has no output {_output} of the shape [batch, width].");
        }

        Width = width;
    }

    /// <summary>Values of one row of the output: classes, or width of the embedding.</summary>
    public int Width { get; }

    /// <summary>[V] to [V][K].</summary>
    /// <exception cref="OperationCanceledException">Cancelled, also in the middle of the network.</exception>
    public float[][] Run(IReadOnlyList<ViewClip> views, CancellationToken cancel)
    {
        var pixelsOfOne = views[0].Values.Length;
        var boxesOfOne = 4 * _views.Frames;
        var pixels = ArrayPool<float>.Shared.Rent(views.Count * pixelsOfOne);
        try
        {
            var boxes = new float[views.Count * boxesOfOne];
            for (var i = 0; i < views.Count; i++)
            {
                views[i].Values.CopyTo(pixels.AsSpan(i * pixelsOfOne));
                views[i].WriteBoxes(boxes.AsSpan(i * boxesOfOne, boxesOfOne));
            }

            return Run(pixels.AsMemory(0, views.Count * pixelsOfOne), boxes, views.Count, cancel);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(pixels);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();

    private float[][] Run(Memory<float> pixels, float[] boxes, int count, CancellationToken cancel)
    {
        using var clips = OrtValue.CreateTensorValueFromMemory(
            OrtMemoryInfo.DefaultInstance, pixels, [count, 3, _views.Frames, _views.ImageSize, _views.ImageSize]);
        using var frames = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, boxes.AsMemory(), [count, _views.Frames, 4]);
        using var run = new RunOptions();
        string[] names = _takesBoxes ? [OnnxColumns.Clips, OnnxColumns.Boxes] : [OnnxColumns.Clips];
        OrtValue[] values = _takesBoxes ? [clips, frames] : [clips];
        cancel.ThrowIfCancellationRequested();
        using var stop = cancel.Register(() => run.Terminate = true);
        try
        {
            using var outputs = _session.Run(run, names, values, [_output]);
            return [.. outputs[0].GetTensorDataAsSpan<float>().ToArray().Chunk(Width)];
        }
        catch (OnnxRuntimeException) when (cancel.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancel);
        }
    }
}
