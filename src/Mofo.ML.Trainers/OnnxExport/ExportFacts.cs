using System.Text.Json;
using Mofo.ML.Transforms.Clips;
using Mofo.ML.Transforms.Scoring;

namespace Mofo.ML.Trainers.OnnxExport;

/// <summary>What an exported file says of itself beside the graph: how clips are cut and normalised, and the names of the classes.</summary>
/// <param name="Views">Size of clips and the test views.</param>
/// <param name="Classes">The classes in the order of the scores; null for an encoder.</param>
/// <param name="Precision">Number type of the products.</param>
internal sealed record ExportFacts(ScoringViews Views, ClassNames? Classes, OnnxPrecision Precision)
{
    /// <summary>The entries as the file carries them.</summary>
    public IEnumerable<KeyValuePair<string, string>> ToMetadata()
    {
        yield return new("mofo.version", "1");
        yield return new("mofo.kind", Classes is null ? "encoder" : "classifier");
        yield return new("mofo.frames", $"{Views.Frames}");
        yield return new("mofo.image_size", $"{Views.ImageSize}");
        yield return new("mofo.sampling", $"{Views.Sampling}");
        yield return new("mofo.frame_stride", $"{Views.Stride}");
        yield return new("mofo.test_segments", $"{Views.Segments}");
        yield return new("mofo.test_crops", $"{Views.Crops}");
        yield return new("mofo.mean", JsonSerializer.Serialize(ClipTensor.Mean));
        yield return new("mofo.std", JsonSerializer.Serialize(ClipTensor.StandardDeviation));
        yield return new("mofo.pixels", $"{OnnxColumns.Clips}: [batch,3,frames,height,width], RGB, (value / 255 - mean) / std");
        yield return new("mofo.precision", $"{Precision}");
        if (Classes is not null)
        {
            yield return new("mofo.boxes", $"{OnnxColumns.Boxes}: [batch,frames,4], x1, y1, x2, y2 in pixels of the clip, half-open; zeros where none is known");
            yield return new("mofo.classes", JsonSerializer.Serialize(Classes.Values));
            yield return new("mofo.class_type", Classes.Kind);
        }
    }
}
