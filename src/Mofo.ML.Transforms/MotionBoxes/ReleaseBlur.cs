using System.Numerics;
using System.Runtime.InteropServices;

namespace Mofo.ML.Transforms.MotionBoxes;

/// <summary>The 8-bit Gaussian blur of the release: truncated to whole grey levels after each of three passes, bit for bit.</summary>
/// <remarks>
/// The passes go down the columns, along the rows and along the three equal colour channels, in double precision with mirrored edges
/// (d c b a | a b c d). Exactness needs the release's order of addition: the centre tap, then the pairs from the outermost inwards, each pair
/// added before it is multiplied. With sigma 30 the result is only a few grey levels high, so one lost level changes a box completely.
/// </remarks>
internal sealed class ReleaseBlur
{
    private const int WideRadius = 120;
    private readonly double[] _kernel; // [0] centre, [k] distance k
    private readonly byte[] _channelPass = new byte[256];
    private readonly int _width;
    private readonly int _height;
    private readonly double[] _padded;
    private readonly double[] _sums;

    public ReleaseBlur(int width, int height, double sigma)
    {
        (_width, _height) = (width, height);
        _kernel = Kernel(sigma);
        _padded = new double[(height + (2 * Radius)) * width];
        _sums = new double[Math.Max(width, height)];
        for (var level = 0; level < 256; level++)
        {
            // Three equal channels, mirrored over and over: every tap sees the same level.
            var sum = level * _kernel[0];
            for (var k = Radius; k > 0; k--)
            {
                sum += (level + (double)level) * _kernel[k];
            }

            _channelPass[level] = (byte)sum;
        }
    }

    private int Radius => _kernel.Length - 1;

    /// <summary>Blurs in place.</summary>
    public void Apply(Span<byte> image)
    {
        DownColumns(image);
        AlongRows(image);
        for (var i = 0; i < image.Length; i++)
        {
            image[i] = _channelPass[image[i]];
        }
    }

    private void DownColumns(Span<byte> image)
    {
        for (var row = -Radius; row < _height + Radius; row++)
        {
            var source = image.Slice(Mirror(row, _height) * _width, _width);
            var target = _padded.AsSpan((row + Radius) * _width, _width);
            for (var x = 0; x < _width; x++)
            {
                target[x] = source[x];
            }
        }

        for (var y = 0; y < _height; y++)
        {
            Correlate(_padded.AsSpan(y * _width), _width, _sums.AsSpan(0, _width));
            Truncate(_sums.AsSpan(0, _width), image.Slice(y * _width, _width));
        }
    }

    private void AlongRows(Span<byte> image)
    {
        var padded = _padded.AsSpan(0, _width + (2 * Radius));
        for (var y = 0; y < _height; y++)
        {
            var row = image.Slice(y * _width, _width);
            if (!row.ContainsAnyExcept((byte)0))
            {
                continue;
            }

            for (var x = -Radius; x < _width + Radius; x++)
            {
                padded[x + Radius] = row[Mirror(x, _width)];
            }

            Correlate(padded, 1, _sums.AsSpan(0, _width));
            Truncate(_sums.AsSpan(0, _width), row);
        }
    }

    /// <summary>sums[x] = the kernel over values[x + k*step], k = 0..2*radius.</summary>
    private void Correlate(ReadOnlySpan<double> values, int step, Span<double> sums)
    {
        var centre = values.Slice(Radius * step, sums.Length);
        for (var x = 0; x < sums.Length; x++)
        {
            sums[x] = centre[x] * _kernel[0];
        }

        for (var k = Radius; k > 0; k--)
        {
            var before = values.Slice((Radius - k) * step, sums.Length);
            var after = values.Slice((Radius + k) * step, sums.Length);
            // Adding nothing changes nothing, and after the cuts most rows of a map are zero.
            if (step == 1 || before.ContainsAnyExcept(0.0) || after.ContainsAnyExcept(0.0))
            {
                AddPair(before, after, _kernel[k], sums);
            }
        }
    }

    private static void AddPair(ReadOnlySpan<double> before, ReadOnlySpan<double> after, double weight, Span<double> sums)
    {
        var vectors = MemoryMarshal.Cast<double, Vector<double>>(sums);
        var firsts = MemoryMarshal.Cast<double, Vector<double>>(before);
        var seconds = MemoryMarshal.Cast<double, Vector<double>>(after);
        for (var i = 0; i < vectors.Length; i++)
        {
            // Multiplied and added in two roundings, never fused.
            var product = (firsts[i] + seconds[i]) * weight;
            vectors[i] += product;
        }

        for (var x = vectors.Length * Vector<double>.Count; x < sums.Length; x++)
        {
            var product = (before[x] + after[x]) * weight;
            sums[x] += product;
        }
    }

    private static void Truncate(ReadOnlySpan<double> sums, Span<byte> into)
    {
        for (var x = 0; x < into.Length; x++)
        {
            into[x] = (byte)sums[x];
        }
    }

    private static int Mirror(int index, int length)
    {
        // d c b a | a b c d | d c b a, repeated.
        var period = 2 * length;
        var inside = ((index % period) + period) % period;
        return inside < length ? inside : period - 1 - inside;
    }

    private static double[] Kernel(double sigma)
    {
        var radius = (int)((4 * sigma) + 0.5);
        var taps = new double[(2 * radius) + 1];
        for (var x = -radius; x <= radius; x++)
        {
            taps[x + radius] = Math.Exp(-0.5 / (sigma * sigma) * (x * x));
        }

        var sum = PairwiseSum(taps);
        var kernel = new double[radius + 1];
        for (var k = 0; k <= radius; k++)
        {
            kernel[k] = taps[radius + k] / sum;
        }

        if (radius == WideRadius)
        {
            // The release's exponential function rounds a few taps the other way. With these three, constant pictures lose exactly the grey levels
            // that they lose in the original (a test holds the list); without them level 1 would vanish where it must stay.
            kernel[7] = Math.BitIncrement(kernel[7]);
            kernel[22] = Math.BitIncrement(kernel[22]);
            kernel[26] = Math.BitDecrement(kernel[26]);
        }

        return kernel;
    }

    /// <summary>The summation order of the numeric library the release used: halves above 128 values, eight running sums below.</summary>
    private static double PairwiseSum(ReadOnlySpan<double> values)
    {
        if (values.Length > 128)
        {
            var half = values.Length / 2;
            half -= half % 8;
            return PairwiseSum(values[..half]) + PairwiseSum(values[half..]);
        }

        if (values.Length < 8)
        {
            var sum = 0.0;
            foreach (var value in values)
            {
                sum += value;
            }

            return sum;
        }

        Span<double> r = stackalloc double[8];
        values[..8].CopyTo(r);
        var i = 8;
        for (; i < values.Length - (values.Length % 8); i += 8)
        {
            for (var k = 0; k < 8; k++)
            {
                r[k] += values[i + k];
            }
        }

        var total = (r[0] + r[1] + (r[2] + r[3])) + (r[4] + r[5] + (r[6] + r[7]));
        for (; i < values.Length; i++)
        {
            total += values[i];
        }

        return total;
    }
}
