namespace Mofo.ML.Transforms.MotionMaps;

/// <summary>The size of motion maps: half that of the flow where enough is left, so that camera, map and boxes cost a quarter.</summary>
/// <remarks>
/// The boxes of different flows agree better at half the size, since single pixels count less (benchmarks/RESULTS.md). The release's maps have the size of its flow.
/// </remarks>
/// <param name="Width">Pixels per row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Reduction">Pixels of the flow in one of the map, in both directions: 1 or 2.</param>
internal readonly record struct MapSize(int Width, int Height, int Reduction)
{
    /// <summary>Flows with a shorter side are not halved: things of few pixels would vanish.</summary>
    private const int SmallestSide = 160;

    public static MapSize Of(int width, int height, bool mayHalve)
    {
        if (!mayHalve || Math.Min(width, height) < SmallestSide)
        {
            return new(width, height, 1);
        }

        var (halfWidth, halfHeight) = OpticalFlow.HalvedFlow.SizeOf(width, height);
        return new(halfWidth, halfHeight, 2);
    }
}
