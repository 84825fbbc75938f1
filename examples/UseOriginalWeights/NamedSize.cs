using Mofo.ML.Trainers;

namespace UseOriginalWeights;

/// <summary>Sizes of networks as people write them.</summary>
internal static class NamedSize
{
    /// <summary>The size that the file itself tells.</summary>
    public const string Auto = "auto";

    /// <summary>A published name, or numbers: "48,2,3,64" is width 48, 2 blocks, 3 heads, frames of 64 pixels; three more are the decoder's. Null for anything else.</summary>
    public static VitConfig? Parse(string text) => text switch
    {
        "small" => VitConfig.Small,
        "base" => VitConfig.Base,
        "large" => VitConfig.Large,
        "huge" => VitConfig.Huge,
        _ => Custom(text),
    };

    /// <summary>The size as it stands after <c>InitialWeights</c> in C#; nothing where the file tells it.</summary>
    public static string Code(string text, VitConfig model) => text switch
    {
        Auto => "",
        _ when text.Contains(',') => $", Model = new VitConfig {{ EmbedDim = {model.EmbedDim}, Depth = {model.Depth}, Heads = {model.Heads}, ImageSize = {model.ImageSize} }}",
        _ => $", Model = VitConfig.{char.ToUpperInvariant(text[0])}{text[1..]}",
    };

    private static VitConfig? Custom(string text)
    {
        var numbers = text.Split(',').Select(part => int.TryParse(part, out var number) ? number : 0).ToArray();
        if (numbers.Length is not (4 or 7) || numbers.Any(number => number <= 0))
        {
            return null;
        }

        var model = new VitConfig { EmbedDim = numbers[0], Depth = numbers[1], Heads = numbers[2], ImageSize = numbers[3] };
        return numbers.Length == 7 ? model with { DecoderDim = numbers[4], DecoderDepth = numbers[5], DecoderHeads = numbers[6] } : model;
    }
}
