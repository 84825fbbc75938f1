namespace Mofo.ML.Transforms.MotionMaps;

/// <summary>The value at a place of the ascending order, without sorting the rest.</summary>
internal static class OrderStatistic
{
    /// <param name="values">At least one, none of them NaN; their order changes.</param>
    /// <param name="place">From 0.</param>
    /// <returns>The value that would stand at <paramref name="place"/> if all were sorted.</returns>
    /// <remarks>Hoare's selection (1961, Algorithm 65) with the median of three as pivot.</remarks>
    public static float Select(Span<float> values, int place)
    {
        var (low, high) = (0, values.Length - 1);
        while (low < high)
        {
            var pivot = MedianOfThree(values[low], values[(low + high) / 2], values[high]);
            var (left, right) = (low, high);
            while (left <= right)
            {
                while (values[left] < pivot)
                {
                    left++;
                }

                while (values[right] > pivot)
                {
                    right--;
                }

                if (left <= right)
                {
                    (values[left], values[right]) = (values[right], values[left]);
                    left++;
                    right--;
                }
            }

            // low..right are at most the pivot, left..high at least, between them stand pivots.
            if (place <= right)
            {
                high = right;
            }
            else if (place >= left)
            {
                low = left;
            }
            else
            {
                return values[place];
            }
        }

        return values[place];
    }

    private static float MedianOfThree(float a, float b, float c) => Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));
}
