namespace ActionRecognition.Rendering;

/// <summary>A colour, each part in [0, 1].</summary>
internal readonly record struct Colour(double Red, double Green, double Blue)
{
    /// <summary>From hue (turns), saturation and value.</summary>
    public static Colour FromHsv(double hue, double saturation, double value)
    {
        double Part(double offset)
        {
            var k = (offset + (hue * 6)) % 6;
            return value - (value * saturation * Math.Max(0, Math.Min(Math.Min(k, 4 - k), 1)));
        }

        return new Colour(Part(5), Part(3), Part(1));
    }

    public Colour Towards(Colour other, double share) => new(
        Red + ((other.Red - Red) * share),
        Green + ((other.Green - Green) * share),
        Blue + ((other.Blue - Blue) * share));
}
