using Mofo.ML.Transforms.Clips;

namespace Mofo.ML.Trainers.Weights.Facts;

/// <summary>Reads how frames are prepared from HuggingFace's <c>preprocessor_config.json</c> (or <c>video_preprocessor_config.json</c>).</summary>
/// <remarks>
/// Missing entries have the defaults of transformers' VideoMAEImageProcessor: the short side resized to <c>size</c> (224 pixels beside a <c>crop_size</c>), the middle cut out, values times 1/255,
/// mean and deviation 0.5. Where neither <c>size</c> nor <c>crop_size</c> is there, both are the network's input.
/// </remarks>
internal static class PreprocessorConfig
{
    private const int Bilinear = 2;

    /// <summary>The short side of transformers' VideoMAEImageProcessor, where its settings name none.</summary>
    private const int UsualSide = 224;

    private static readonly string[] FileNames = ["video_preprocessor_config.json", "preprocessor_config.json"];

    /// <summary>The rule in the folder of the weights; null where there is none.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="imageSize">Side of the network's input.</param>
    /// <exception cref="WeightFileException">The rule is another than a resize, a crop of the middle and a normalisation to the network's input.</exception>
    public static FrameRule? In(string folder, int imageSize)
    {
        var path = FileNames.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        return path is null ? null : Read(ConfigJson.Read(path), imageSize);
    }

    private static FrameRule Read(ConfigJson json, int imageSize)
    {
        if (json.Flag("do_resize") is false)
        {
            throw json.Wrong("do_resize", "true: videos of any size are resized to the network's input");
        }

        var (side, isSquare) = Size(json, imageSize);
        var crops = json.Flag("do_center_crop") ?? true;
        var crop = crops ? json.Side("crop_size") ?? imageSize : side;
        if (crop != imageSize)
        {
            throw json.Wrong(crops ? "crop_size" : "size", Invariant($"{imageSize}, the image_size of config.json"));
        }

        if (crop > side)
        {
            throw json.Wrong("size", Invariant($"at least {crop}: the crop would reach beyond the frame"));
        }

        var resample = json.Count("resample");
        string?[] remarks =
        [
            crops || isSquare ? null : "do_center_crop is false, but the network takes square frames: the middle of frames that are not square is cut out.",
            resample is null or Bilinear ? null : Invariant($"resample {resample} is done as bilinear (by area, below half the size)."),
        ];
        return new FrameRule(Normalization(json), (double)crop / side, isSquare) { Remarks = [.. remarks.OfType<string>()] };
    }

    private static (int Side, bool IsSquare) Size(ConfigJson json, int imageSize)
    {
        if (json.Section("size") is not { } size)
        {
            return (json.Side("size") ?? (json.Has("crop_size") ? UsualSide : imageSize), false); // a number is the short side
        }

        return size.Has("shortest_edge") ? (size.Count("shortest_edge")!.Value, false) : (json.Side("size")!.Value, true);
    }

    private static PixelNormalization Normalization(ConfigJson json)
    {
        var scale = json.Flag("do_rescale") is false ? 1 : json.Number("rescale_factor") ?? 1.0 / 255;
        if (scale <= 0)
        {
            throw json.Wrong("rescale_factor", "a number above 0");
        }

        if (json.Flag("do_normalize") is false)
        {
            return new PixelNormalization([0, 0, 0], [1, 1, 1], scale);
        }

        var deviation = json.Channels("image_std") ?? [0.5f, 0.5f, 0.5f];
        return Array.TrueForAll(deviation, value => value > 0)
            ? new PixelNormalization(json.Channels("image_mean") ?? [0.5f, 0.5f, 0.5f], deviation, scale)
            : throw json.Wrong("image_std", "three numbers above 0");
    }
}
