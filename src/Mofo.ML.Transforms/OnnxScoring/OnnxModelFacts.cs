using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Mofo.ML.Transforms.Clips;
using Mofo.ML.Transforms.Scoring;

namespace Mofo.ML.Transforms.OnnxScoring;

/// <summary>What an exported file says of itself beside the graph: how clips are cut and normalised, and the names of the classes.</summary>
/// <param name="Views">Size of clips and the test views.</param>
/// <param name="Classes">The classes in the order of the scores; null for an encoder.</param>
internal sealed record OnnxModelFacts(ScoringViews Views, ClassNames? Classes)
{
    private const string Kind = "mofo.kind";
    private const string Classifier = "classifier";
    private const string ClassValues = "mofo.classes";
    private const string ClassType = "mofo.class_type";
    private const string Frames = "mofo.frames";
    private const string ImageSize = "mofo.image_size";
    private const string Sampling = "mofo.sampling";
    private const string Stride = "mofo.frame_stride";
    private const string Segments = "mofo.test_segments";
    private const string Crops = "mofo.test_crops";
    private const string Mean = "mofo.mean";
    private const string Deviation = "mofo.std";
    private const string Scale = "mofo.scale";
    private const string CropShare = "mofo.crop_share";
    private const string Stretch = "mofo.stretch";
    private const string DetectionSettings = "mofo.detection";

    private static readonly JsonSerializerOptions Json = new() { Converters = { new JsonStringEnumConverter() } };

    /// <summary>Number type of the products, as text for people.</summary>
    public string Precision { get; init; } = "Float32";

    /// <summary>How boxes were found for the training; null where the file does not say.</summary>
    public MotionDetectionOptions? Detection { get; init; }

    /// <summary>The entries as the file carries them.</summary>
    public IEnumerable<KeyValuePair<string, string>> ToMetadata()
    {
        yield return new("mofo.version", "1");
        yield return new(Kind, Classes is null ? "encoder" : Classifier);
        yield return new(Frames, Invariant($"{Views.Frames}"));
        yield return new(ImageSize, Invariant($"{Views.ImageSize}"));
        yield return new(Sampling, $"{Views.Sampling}");
        yield return new(Stride, Invariant($"{Views.Stride}"));
        yield return new(Segments, Invariant($"{Views.Segments}"));
        yield return new(Crops, Invariant($"{Views.Crops}"));
        yield return new(Mean, JsonSerializer.Serialize(Views.Normalization.Mean));
        yield return new(Deviation, JsonSerializer.Serialize(Views.Normalization.StandardDeviation));
        yield return new(Scale, JsonSerializer.Serialize(Views.Normalization.Scale));
        yield return new(CropShare, JsonSerializer.Serialize(Views.CropShare));
        yield return new(Stretch, JsonSerializer.Serialize(Views.Stretch));
        yield return new("mofo.pixels", $"{OnnxColumns.Clips}: [batch,3,frames,height,width], RGB, (value * scale - mean) / std, values in [0,255]");
        yield return new("mofo.boxes", $"{OnnxColumns.Boxes}: [batch,frames,4], x1, y1, x2, y2 in pixels of the clip, half-open; zeros where none is known");
        yield return new("mofo.precision", Precision);
        if (Detection is not null)
        {
            yield return new(DetectionSettings, JsonSerializer.Serialize(Detection, Json));
        }

        if (Classes is not null)
        {
            yield return new(ClassValues, JsonSerializer.Serialize(Classes.Values));
            yield return new(ClassType, Classes.Kind);
        }
    }

    /// <summary>Reads the entries back.</summary>
    /// <exception cref="InvalidDataException">An entry is missing or cannot be used.</exception>
    public static OnnxModelFacts Of(string file, IReadOnlyDictionary<string, string> metadata)
    {
        // Files of versions before 1.0 do not hold the last three entries: clips were cut and scaled in one way.
        var usual = new ScoringViews(
            Number(Frames, 1, 4096), Number(ImageSize, 1, 8192), Enum.TryParse<ClipSampling>(Text(Sampling), out var sampling) && Enum.IsDefined(sampling) ? sampling : throw Bad(Sampling),
            Number(Stride, 1, 64), Number(Segments, 1, 64), Number(Crops, 1, 16));
        if (usual.MostClips < 1)
        {
            throw new InvalidDataException(Invariant($"The ONNX file '{file}' takes clips of {usual.Frames} frames of {usual.ImageSize}x{usual.ImageSize}; one has more values than an array can hold."));
        }

        var normalization = new PixelNormalization(Parse<float[]>(Mean), Parse<float[]>(Deviation), Optional(Scale, PixelNormalization.ImageNet.Scale));
        var views = usual with
        {
            Normalization = normalization.IsUsable ? normalization : throw Bad(Mean),
            CropShare = Optional(CropShare, usual.CropShare) is > 0 and <= 1 and var share ? share : throw Bad(CropShare),
            Stretch = Optional(Stretch, usual.Stretch) is var stretch && (!stretch || usual.Crops == 1) ? stretch : throw Bad(Stretch),
        };
        return new OnnxModelFacts(views, Text(Kind) == Classifier ? new ClassNames(Text(ClassType), Names()) : null)
        {
            Detection = metadata.ContainsKey(DetectionSettings) ? Parse<MotionDetectionOptions>(DetectionSettings) : null,
        };

        string Text(string key) => metadata.TryGetValue(key, out var text) ? text : throw Bad(key);

        int Number(string key, int lowest, int highest) =>
            int.TryParse(Text(key), NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= lowest && value <= highest ? value : throw Bad(key);

        T Optional<T>(string key, T value) => metadata.ContainsKey(key) ? Parse<T>(key) : value;

        string[] Names() => Parse<string[]>(ClassValues) is { Length: > 0 } names ? names : throw Bad(ClassValues);

        T Parse<T>(string key)
        {
            try
            {
                return JsonSerializer.Deserialize<T>(Text(key), Json) ?? throw Bad(key);
            }
            catch (JsonException)
            {
                throw Bad(key);
            }
        }

        InvalidDataException Bad(string key) => new(
            metadata.TryGetValue(key, out var found)
                ? $"The ONNX file '{file}' has the entry {key} = '{found}', which cannot be used: it is damaged or was written by a newer version."
                : $"The ONNX file '{file}' has no entry {key}: it was not written by SaveAsOnnx of Mofo.ML.");
    }
}
