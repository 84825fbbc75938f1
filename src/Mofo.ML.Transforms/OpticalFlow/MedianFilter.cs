using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Mofo.ML.Transforms.OpticalFlow.Lanes;

namespace Mofo.ML.Transforms.OpticalFlow;

/// <summary>Median over 5x5 pixels, edge pixels repeated outwards, many pixels at a time through compare-exchange networks.</summary>
/// <remarks>
/// Each column of five is sorted once and serves five neighbours. Sorting then across the five columns leaves a table that ascends both ways;
/// an element with more than 13 others certainly above or below it cannot be the median, which leaves 13 candidates,
/// from which minimum and maximum are taken away in turn.
/// </remarks>
internal sealed unsafe class MedianFilter
{
    private readonly PlaneMemory _columns;
    private readonly int _width;

    public MedianFilter(int width)
    {
        _width = width;
        _columns = new PlaneMemory(width, 1, 5);
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
        var columns = stackalloc float*[5];
        for (var i = 0; i < 5; i++)
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
            SelectMedians<TLanes>(columns, to.Row(y), from.Width);
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

    private static void SelectMedians<TLanes>(float** columns, float* to, int width)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        float* row0 = columns[0], row1 = columns[1], row2 = columns[2], row3 = columns[3], row4 = columns[4];
        for (var x = 0; x < width; x += TLanes.Count)
        {
            SortAcross<TLanes>(row0 + x, out _, out _, out _, out var a4, out var a5);
            SortAcross<TLanes>(row1 + x, out _, out _, out var b3, out var b4, out var b5);
            SortAcross<TLanes>(row2 + x, out _, out var c2, out var c3, out var c4, out _);
            SortAcross<TLanes>(row3 + x, out var d1, out var d2, out var d3, out _, out _);
            SortAcross<TLanes>(row4 + x, out var e1, out var e2, out _, out _, out _);

            // A set of n/2 + 1 always has a member that cannot be the median at each end; one new candidate comes in as both leave.
            // 8 candidates: a4 leaves as the least, b4 as the greatest.
            Order(ref a4, ref b4);
            Order(ref b3, ref e1);
            Order(ref c2, ref c3);
            Order(ref d1, ref a5);
            Order(ref a4, ref b3);
            Order(ref a4, ref c2);
            Order(ref a4, ref d1);
            Order(ref e1, ref b4);
            Order(ref c3, ref b4);
            Order(ref a5, ref b4);
            // 7 candidates: b3 leaves as the least, b5 as the greatest.
            Order(ref b3, ref b5);
            Order(ref c2, ref e1);
            Order(ref d1, ref c3);
            Order(ref b3, ref c2);
            Order(ref b3, ref d1);
            Order(ref b3, ref a5);
            Order(ref e1, ref b5);
            Order(ref c3, ref b5);
            Order(ref a5, ref b5);
            // 6 candidates: c2 leaves as the least, c4 as the greatest.
            Order(ref c2, ref c4);
            Order(ref d1, ref e1);
            Order(ref a5, ref c3);
            Order(ref c2, ref d1);
            Order(ref c2, ref a5);
            Order(ref e1, ref c4);
            Order(ref c3, ref c4);
            // 5 candidates: d1 leaves as the least, d2 as the greatest.
            Order(ref d1, ref d2);
            Order(ref a5, ref e1);
            Order(ref d1, ref a5);
            Order(ref d1, ref c3);
            Order(ref e1, ref d2);
            Order(ref c3, ref d2);
            // 4 candidates: a5 leaves as the least, d3 as the greatest.
            Order(ref a5, ref d3);
            Order(ref c3, ref e1);
            Order(ref a5, ref c3);
            Order(ref e1, ref d3);
            // The middle of the last three.
            Order(ref c3, ref e1);
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
        Order(ref a, ref b);
        Order(ref d, ref e);
        Order(ref c, ref e);
        Order(ref c, ref d);
        Order(ref b, ref e);
        Order(ref a, ref d);
        Order(ref a, ref c);
        Order(ref b, ref d);
        Order(ref b, ref c);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Order<TLanes>(ref TLanes a, ref TLanes b)
        where TLanes : unmanaged, ILanes<TLanes> => (a, b) = (TLanes.Min(a, b), TLanes.Max(a, b));
}
