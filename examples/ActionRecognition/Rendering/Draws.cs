namespace ActionRecognition.Rendering;

/// <summary>Random draws that the scenes are made of.</summary>
internal static class Draws
{
    public static double Between(this Random random, double low, double high) => low + ((high - low) * random.NextDouble());

    /// <summary>A value between the bounds, with either sign.</summary>
    public static double EitherSide(this Random random, double low, double high) =>
        random.Between(low, high) * (random.Next(2) == 0 ? -1 : 1);

    public static T OneOf<T>(this Random random, params ReadOnlySpan<T> choices) => choices[random.Next(choices.Length)];
}
