namespace Mofo.ML.Trainers.Model.Layers;

/// <summary>Brings one row of values per token from one token grid to another, linearly along time, height and width in turn.</summary>
/// <remarks>
/// Dosovitskiy et al. 2021, section 3.2, interpolate position embeddings by their place in the picture; here time is a third axis.
/// Linear along all three (not bicubic in the plane): exact on linear functions between the outermost token centres and never beyond the range of the rows.
/// Cells are aligned by their edges, as torch's interpolate with align_corners false does: own index i lies at (i + 0.5) * from / to - 0.5
/// of the source, and beyond the outermost centres the outermost row is kept.
/// </remarks>
internal static class GridInterpolation
{
    /// <param name="rows">One row per token of <paramref name="from"/>, row after row.</param>
    /// <param name="width">Values per row.</param>
    /// <param name="from">Grid of the rows.</param>
    /// <param name="to">Target grid.</param>
    /// <returns>One row per token of <paramref name="to"/>; <paramref name="rows"/> itself when the grids are equal.</returns>
    public static double[] Resize(double[] rows, int width, TokenGrid from, TokenGrid to)
    {
        var inTime = Along(rows, 1, from.Slices, to.Slices, from.Rows * from.Columns * width);
        var inHeight = Along(inTime, to.Slices, from.Rows, to.Rows, from.Columns * width);
        return Along(inHeight, to.Slices * to.Rows, from.Columns, to.Columns, width);
    }

    /// <summary>[outer, from, inner] to [outer, to, inner].</summary>
    private static double[] Along(double[] values, int outer, int from, int to, int inner)
    {
        if (from == to)
        {
            return values;
        }

        var result = new double[(long)outer * to * inner];
        for (var i = 0; i < to; i++)
        {
            var place = Math.Clamp(((i + 0.5) * from / to) - 0.5, 0, from - 1);
            var before = (int)place;
            var after = Math.Min(before + 1, from - 1);
            var share = place - before;
            for (var o = 0; o < outer; o++)
            {
                var first = values.AsSpan(((o * from) + before) * inner, inner);
                var second = values.AsSpan(((o * from) + after) * inner, inner);
                var target = result.AsSpan(((o * to) + i) * inner, inner);
                for (var k = 0; k < inner; k++)
                {
                    target[k] = first[k] + (share * (second[k] - first[k]));
                }
            }
        }

        return result;
    }
}
