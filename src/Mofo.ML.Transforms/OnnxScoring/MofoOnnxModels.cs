using Mofo.ML.Transforms.OnnxScoring;

namespace Mofo.ML.Transforms;

/// <summary>What exported models say of themselves.</summary>
public static class MofoOnnxModels
{
    /// <summary>Shapes for the <c>shapeDictionary</c> of ML.NET's <c>ApplyOnnxModel</c>, which takes the free first axis for 1 without them.</summary>
    /// <param name="modelFile">A file written by <c>SaveAsOnnx</c>.</param>
    /// <returns>The shape of each input, with the number of test views as its first axis.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is no exported model.</exception>
    public static IDictionary<string, int[]> ShapesOf(string modelFile)
    {
        var facts = OnnxModelFile.ReadFacts(modelFile);
        var views = facts.Views;
        var shapes = new Dictionary<string, int[]> { [OnnxColumns.Clips] = [views.Count, 3, views.Frames, views.ImageSize, views.ImageSize] };
        if (facts.Classes is not null)
        {
            shapes[OnnxColumns.Boxes] = [views.Count, views.Frames, 4];
        }

        return shapes;
    }

    /// <summary>The motion detector's settings that the model was trained with.</summary>
    /// <param name="modelFile">A file written by <c>ConvertMofoToOnnx</c>.</param>
    /// <returns>The settings; null where the file does not say, as a file of <c>SaveAsOnnx</c> has none unless requested.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is no exported model.</exception>
    /// <exception cref="MofoOptionsException">The settings cannot be used.</exception>
    public static MotionDetectionOptions? DetectionOf(string modelFile)
    {
        var detection = OnnxModelFile.ReadFacts(modelFile).Detection;
        detection?.Validate();
        return detection;
    }
}
