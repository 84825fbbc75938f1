namespace Mofo.ML.Transforms.OpticalFlow;

/// <summary>A picture of floats with room around every row, so that vector loads may reach past its ends.</summary>
/// <remarks>Element (x, y) is <c>Row(y)[x]</c>; x from -<see cref="Guard"/> to the width rounded up to <see cref="Guard"/>, plus <see cref="Guard"/>, may be touched.</remarks>
internal readonly unsafe struct Plane(float* origin, int width, int height, int stride)
{
    /// <summary>Floats before and after each row: the widest vector.</summary>
    public const int Guard = 16;

    public int Width => width;

    public int Height => height;

    public int Stride => stride;

    public static int StrideFor(int width) => (2 * Guard) + ((width + Guard - 1) / Guard * Guard);

    public float* Row(int y) => origin + ((nint)y * stride);

    /// <summary>Zeroes everything, guards included.</summary>
    public void Clear() => new Span<float>(origin - Guard, stride * height).Clear();

    public void CopyTo(Span<float> to)
    {
        for (var y = 0; y < height; y++)
        {
            new ReadOnlySpan<float>(Row(y), width).CopyTo(to[(y * width)..]);
        }
    }
}

/// <summary>Memory of several planes of one largest size, for views of that size or less.</summary>
/// <remarks>Pinned, so that planes may point into it for as long as this object is referenced.</remarks>
internal sealed unsafe class PlaneMemory
{
    /// <summary>Keeps equal rows of different planes from falling on the same cache sets.</summary>
    private const int Stagger = 5 * 16;

    private readonly int _spacing;
    private readonly float[] _memory;
    private readonly float* _start;

    public PlaneMemory(int width, int height, int planes)
    {
        _spacing = (Plane.StrideFor(width) * height) + Stagger;
        (_memory, var start) = PinnedFloats.Allocate((nint)planes * _spacing);
        _start = (float*)start;
    }

    /// <summary>Plane number <paramref name="index"/> at a size of at most the largest; its content is what was there before.</summary>
    public Plane View(int index, int width, int height)
    {
        var end = _start + ((nint)index * _spacing) + ((nint)Plane.StrideFor(width) * height);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((nint)(end - _start), (nint)_memory.LongLength, nameof(index));
        return new Plane(_start + ((nint)index * _spacing) + Plane.Guard, width, height, Plane.StrideFor(width));
    }
}

/// <summary>Zeroed floats which the garbage collector does not move.</summary>
internal static unsafe class PinnedFloats
{
    private const int Alignment = 64;

    /// <summary>The array that keeps the memory alive, and a place in it from which <paramref name="length"/> floats lie aligned to cache lines.</summary>
    public static (float[] Owner, nint Start) Allocate(nint length)
    {
        var owner = GC.AllocateArray<float>(checked((int)length + (Alignment / sizeof(float))), pinned: true);
        fixed (float* first = owner)
        {
            return (owner, ((nint)first + Alignment - 1) & ~(nint)(Alignment - 1));
        }
    }
}
