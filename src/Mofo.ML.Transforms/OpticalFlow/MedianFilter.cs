using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Mofo.ML.Transforms.OpticalFlow.Lanes;

namespace Mofo.ML.Transforms.OpticalFlow;

/// <summary>Median over 5x5 pixels, edge pixels repeated outwards, many pixels at a time through compare-exchange networks.</summary>
/// <remarks>
/// Each column of five is sorted once and serves five neighbours. Sorting then across the five columns leaves a table that ascends both ways;
/// an element with more than 13 others certainly above or below it cannot be the median, which leaves 13 candidates,
/// from which minimum and maximum are taken away in turn. The two halves are methods of their own: in one, the compiler gives up inlining.
/// </remarks>
internal sealed unsafe class MedianFilter
{
    private const int Candidates = 13;

    private readonly PlaneMemory _columns;
    private readonly int _width;

    /// <param name="width">Of the largest plane.</param>
    public MedianFilter(int width)
    {
        _width = width;
        _columns = new PlaneMemory(width, 1, 5 + Candidates);
    }

    /// <param name="from">At most the constructor's width; its guards are written.</param>
    /// <param name="to">Another plane of the same size.</param>
    public void Apply(Plane from, Plane to)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Apply<Lanes16>(from, to);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Apply<Lanes8>(from, to);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            Apply<Lanes4>(from, to);
        }
        else
        {
            Apply<Lanes1>(from, to);
        }
    }

    /// <summary>The filter at a given vector width.</summary>
    public void Apply<TLanes>(Plane from, Plane to)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(from.Width, _width, nameof(from));
        var columns = stackalloc float*[5 + Candidates];
        for (var i = 0; i < 5 + Candidates; i++)
        {
            columns[i] = _columns.View(i, from.Width, 1).Row(0);
        }

        for (var y = 0; y < from.Height; y++)
        {
            ExtendRow(from.Row(y), from.Width);
        }

        var last = from.Height - 1;
        for (var y = 0; y <= last; y++)
        {
            SortColumns<TLanes>(
                from.Row(Math.Max(y - 2, 0)), from.Row(Math.Max(y - 1, 0)), from.Row(y), from.Row(Math.Min(y + 1, last)), from.Row(Math.Min(y + 2, last)), columns, from.Width);
            SelectCandidates<TLanes>(columns, columns + 5, from.Width);
            SelectMedians<TLanes>(columns + 5, to.Row(y), from.Width);
        }
    }

    private static void ExtendRow(float* row, int width)
    {
        row[-2] = row[-1] = row[0];
        row[width] = row[width + 1] = row[width - 1];
    }

    private static void SortColumns<TLanes>(float* row0, float* row1, float* row2, float* row3, float* row4, float** columns, int width)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        // Two columns more on each side are needed; the vectors begin at -Count to keep to the grid of aligned loads.
        for (var x = TLanes.Count == 1 ? -2 : -TLanes.Count; x < width + 2; x += TLanes.Count)
        {
            TLanes a = TLanes.Load(row0 + x), b = TLanes.Load(row1 + x), c = TLanes.Load(row2 + x), d = TLanes.Load(row3 + x), e = TLanes.Load(row4 + x);
            Sort(ref a, ref b, ref c, ref d, ref e);
            a.Store(columns[0] + x);
            b.Store(columns[1] + x);
            c.Store(columns[2] + x);
            d.Store(columns[3] + x);
            e.Store(columns[4] + x);
        }
    }

    /// <summary>Sorts across the five columns; of each pixel's table the 13 that may be the median go on, a row for each.</summary>
    private static void SelectCandidates<TLanes>(float** columns, float** candidates, int width)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        float* row0 = columns[0], row1 = columns[1], row2 = columns[2], row3 = columns[3], row4 = columns[4];
        for (var x = 0; x < width; x += TLanes.Count)
        {
            SortAcross<TLanes>(row0 + x, out _, out _, out _, out var a4, out var a5);
            a4.Store(candidates[0] + x);
            a5.Store(candidates[1] + x);
            SortAcross<TLanes>(row1 + x, out _, out _, out var b3, out var b4, out var b5);
            b3.Store(candidates[2] + x);
            b4.Store(candidates[3] + x);
            b5.Store(candidates[4] + x);
            SortAcross<TLanes>(row2 + x, out _, out var c2, out var c3, out var c4, out _);
            c2.Store(candidates[5] + x);
            c3.Store(candidates[6] + x);
            c4.Store(candidates[7] + x);
            SortAcross<TLanes>(row3 + x, out var d1, out var d2, out var d3, out _, out _);
            d1.Store(candidates[8] + x);
            d2.Store(candidates[9] + x);
            d3.Store(candidates[10] + x);
            SortAcross<TLanes>(row4 + x, out var e1, out var e2, out _, out _, out _);
            e1.Store(candidates[11] + x);
            e2.Store(candidates[12] + x);
        }
    }

    /// <summary>The middle one of 13.</summary>
    private static void SelectMedians<TLanes>(float** candidates, float* to, int width)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        for (var x = 0; x < width; x += TLanes.Count)
        {
            TLanes a4 = TLanes.Load(candidates[0] + x), a5 = TLanes.Load(candidates[1] + x);
            TLanes b3 = TLanes.Load(candidates[2] + x), b4 = TLanes.Load(candidates[3] + x), b5 = TLanes.Load(candidates[4] + x);
            TLanes c2 = TLanes.Load(candidates[5] + x), c3 = TLanes.Load(candidates[6] + x), c4 = TLanes.Load(candidates[7] + x);
            TLanes d1 = TLanes.Load(candidates[8] + x), d2 = TLanes.Load(candidates[9] + x), d3 = TLanes.Load(candidates[10] + x);
            TLanes e1 = TLanes.Load(candidates[11] + x), e2 = TLanes.Load(candidates[12] + x);

            // A set of n/2 + 1 always has a member that cannot be the median at each end; one new candidate comes in as both leave.
            // 8 candidates: a4 leaves as the least, b4 as the greatest.
            TLanes.Order(ref a4, ref b4);
            TLanes.Order(ref b3, ref e1);
            TLanes.Order(ref c2, ref c3);
            TLanes.Order(ref d1, ref a5);
            TLanes.Order(ref a4, ref b3);
            TLanes.Order(ref a4, ref c2);
            TLanes.Order(ref a4, ref d1);
            TLanes.Order(ref e1, ref b4);
            TLanes.Order(ref c3, ref b4);
            TLanes.Order(ref a5, ref b4);
            // 7 candidates: b3 leaves as the least, b5 as the greatest.
            TLanes.Order(ref b3, ref b5);
            TLanes.Order(ref c2, ref e1);
            TLanes.Order(ref d1, ref c3);
            TLanes.Order(ref b3, ref c2);
            TLanes.Order(ref b3, ref d1);
            TLanes.Order(ref b3, ref a5);
            TLanes.Order(ref e1, ref b5);
            TLanes.Order(ref c3, ref b5);
            TLanes.Order(ref a5, ref b5);
            // 6 candidates: c2 leaves as the least, c4 as the greatest.
            TLanes.Order(ref c2, ref c4);
            TLanes.Order(ref d1, ref e1);
            TLanes.Order(ref a5, ref c3);
            TLanes.Order(ref c2, ref d1);
            TLanes.Order(ref c2, ref a5);
            TLanes.Order(ref e1, ref c4);
            TLanes.Order(ref c3, ref c4);
            // 5 candidates: d1 leaves as the least, d2 as the greatest.
            TLanes.Order(ref d1, ref d2);
            TLanes.Order(ref a5, ref e1);
            TLanes.Order(ref d1, ref a5);
            TLanes.Order(ref d1, ref c3);
            TLanes.Order(ref e1, ref d2);
            TLanes.Order(ref c3, ref d2);
            // 4 candidates: a5 leaves as the least, d3 as the greatest.
            TLanes.Order(ref a5, ref d3);
            TLanes.Order(ref c3, ref e1);
            TLanes.Order(ref a5, ref c3);
            TLanes.Order(ref e1, ref d3);
            // The middle of the last three.
            TLanes.Order(ref c3, ref e1);
            TLanes.Max(c3, TLanes.Min(e1, e2)).Store(to + x);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SortAcross<TLanes>(float* at, out TLanes a, out TLanes b, out TLanes c, out TLanes d, out TLanes e)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        a = TLanes.Load(at - 2);
        b = TLanes.Load(at - 1);
        c = TLanes.Load(at);
        d = TLanes.Load(at + 1);
        e = TLanes.Load(at + 2);
        Sort(ref a, ref b, ref c, ref d, ref e);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Sort<TLanes>(ref TLanes a, ref TLanes b, ref TLanes c, ref TLanes d, ref TLanes e)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes.Order(ref a, ref b);
        TLanes.Order(ref d, ref e);
        TLanes.Order(ref c, ref e);
        TLanes.Order(ref c, ref d);
        TLanes.Order(ref b, ref e);
        TLanes.Order(ref a, ref d);
        TLanes.Order(ref a, ref c);
        TLanes.Order(ref b, ref d);
        TLanes.Order(ref b, ref c);
    }
}
