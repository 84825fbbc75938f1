using System.Text.Json.Serialization;

namespace Mofo.ML.Transforms.Clips;

/// <summary>How pixels become network input: (value * scale - mean) / deviation, channel by channel.</summary>
/// <param name="Mean">Of red, green and blue after scaling.</param>
/// <param name="StandardDeviation">Of red, green and blue after scaling.</param>
/// <param name="Scale">Factor on the bytes; 1/255 brings them to [0, 1].</param>
internal sealed record PixelNormalization(float[] Mean, float[] StandardDeviation, double Scale = 1.0 / 255)
{
    /// <summary>Mean and deviation of ImageNet, as VideoMAE, MOFO and their copies use them.</summary>
    public static PixelNormalization ImageNet { get; } = new(ClipTensor.Mean, ClipTensor.StandardDeviation);

    /// <summary>Whether these are ImageNet's.</summary>
    [JsonIgnore]
    public bool IsImageNet => Mean.AsSpan().SequenceEqual(ClipTensor.Mean) && StandardDeviation.AsSpan().SequenceEqual(ClipTensor.StandardDeviation) && Math.Abs((Scale * 255) - 1) < 1e-6;

    /// <summary>Whether every channel has numbers that can be used.</summary>
    [JsonIgnore]
    public bool IsUsable => Mean is { Length: 3 } && StandardDeviation is { Length: 3 } && Array.TrueForAll(Mean, float.IsFinite)
        && Array.TrueForAll(StandardDeviation, value => value is > 0 and < float.PositiveInfinity) && Scale is > 0 and < double.PositiveInfinity;

    /// <summary>The same as one multiplication and one addition per value: factor and summand of a channel.</summary>
    public (float Factor, float Summand) Of(int channel)
    {
        var range = (float)(1 / Scale);
        return (1 / (range * StandardDeviation[channel]), -Mean[channel] / StandardDeviation[channel]);
    }
}
