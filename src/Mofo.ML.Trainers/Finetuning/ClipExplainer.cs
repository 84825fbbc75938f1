using Mofo.ML.Transforms;
using Mofo.ML.Transforms.Clips;
using Mofo.ML.Transforms.Scoring;
using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Trainers.Finetuning;

/// <summary>Reads the middle view of a video, has it explained, and gives every frame its part of the maps.</summary>
/// <remarks>Frames are cropped as they are decoded: a whole clip of large frames would not fit into one array.</remarks>
internal sealed class ClipExplainer(MofoFinetuningOptions options, ClassNames classes, ClassActivation activation)
{
    private readonly ScoringViews _middle = options.Views with { Segments = 1, Crops = 1 };

    /// <param name="source">Video and boxes.</param>
    /// <param name="className">Null for the class that the clip scores highest.</param>
    /// <param name="reading">Limits, warnings and token of this call.</param>
    public ClipExplanation Explain(ClipSource source, string? className, VideoReading reading)
    {
        int? wanted = className is null ? null : IndexOf(className);
        var read = source.NamingRow(() => _middle.ReadCrops(source, reading));
        var indices = read.Views[0];
        var window = SpatialViews.TestCrops(read.SourceSize.Width, read.SourceSize.Height, 1)[0];
        using var crop = _middle.MakeCrop(read, indices, window, crop: 0);
        using var view = new ViewClip(new PixelBuffer(crop), crop.Boxes);
        reading.Cancel.ThrowIfCancellationRequested();
        var maps = activation.Of(view, wanted);
        var cells = options.Model.Grid.Cells;
        var frames = indices.Select((index, t) =>
        {
            var tokens = new Range(t / options.Model.TubeletSize * cells, ((t / options.Model.TubeletSize) + 1) * cells);
            return new ExplainedFrame(index, read.Boxes[index], maps.Activation[tokens], maps.Attention[tokens]);
        });
        var seen = new MotionBox(window.X, window.Y, window.X + window.Width, window.Y + window.Height);
        return new ClipExplanation(source.VideoPath, classes.Values[maps.Class], maps.Probability, seen, options.Model.ImageSize / options.Model.PatchSize, [.. frames]);
    }

    private int IndexOf(string name)
    {
        var index = classes.Values.ToList().IndexOf(name);
        return index >= 0 ? index : throw new ArgumentException($"There is no class '{name}'; the model knows {string.Join(", ", classes.Values)}.", nameof(name));
    }
}
