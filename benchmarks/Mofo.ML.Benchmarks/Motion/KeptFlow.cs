using System.Runtime.InteropServices;
using Mofo.ML.Transforms.MotionMaps;
using Mofo.ML.Transforms.OpticalFlow;
using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Benchmarks.Motion;

/// <summary>Flows of one clip that were computed before and lie in a file, so that rules can be compared without computing TV-L1 again.</summary>
/// <remarks>The file holds, for every pair of frames, the x and then the y component at the size of the motion map, as 16-bit floats.</remarks>
internal sealed class KeptFlow : IHalfFlow
{
    private readonly MapSize _size;
    private readonly FileStream _file;
    private readonly Half[] _values;

    /// <param name="path">A file that <see cref="Keep"/> made.</param>
    /// <param name="width">Of the frames as the flow sees them.</param>
    /// <param name="height">Of the frames as the flow sees them.</param>
    public KeptFlow(string path, int width, int height)
    {
        _size = MapSize.Of(width, height, mayHalve: true);
        _values = new Half[_size.Width * _size.Height];
        _file = File.OpenRead(path);
    }

    public bool EndsAtHalf => _size.Reduction == 2;

    /// <summary>Computes the flows of a clip into a file, unless they lie there.</summary>
    /// <param name="clip">Path or address of the clip.</param>
    /// <param name="path">The file; it is complete or not there.</param>
    /// <param name="make">The flow.</param>
    public static void Keep(string clip, string path, FlowMaker make)
    {
        if (File.Exists(path))
        {
            return;
        }

        using var reader = FrameReader.Open(clip);
        var reduced = new ReducedPicture(reader.Width, reader.Height, new Transforms.MotionDetectionOptions().FlowShortSide);
        var size = MapSize.Of(reduced.Width, reduced.Height, mayHalve: true);
        var flow = make(reduced.Width, reduced.Height);
        using IOpticalFlow method = size.Reduction == 2 ? new HalvedFlow(reduced.Width, reduced.Height, flow) : flow;
        var field = new FlowField(size.Width, size.Height);
        var values = new Half[size.Width * size.Height];
        using (var file = File.Create(path + ".part"))
        {
            byte[]? before = null;
            while (reader.TryRead(out var frame))
            {
                var gray = reduced.ToGray(frame);
                if (before is not null)
                {
                    method.Compute(before, gray, field);
                    Write(file, field.X, values);
                    Write(file, field.Y, values);
                }

                before = gray;
            }
        }

        File.Move(path + ".part", path, overwrite: true);
    }

    public void Compute(ReadOnlySpan<byte> grayFrom, ReadOnlySpan<byte> grayTo, FlowField into) => ComputeHalf(grayFrom, grayTo, into);

    public void ComputeHalf(ReadOnlySpan<byte> grayFrom, ReadOnlySpan<byte> grayTo, FlowField into)
    {
        if ((into.Width, into.Height) != (_size.Width, _size.Height))
        {
            throw new ArgumentException($"The flows were kept at {_size.Width}x{_size.Height}; {into.Width}x{into.Height} was asked for.", nameof(into));
        }

        Read(into.X);
        Read(into.Y);
    }

    public void Dispose() => _file.Dispose();

    private static void Write(FileStream file, float[] component, Half[] values)
    {
        System.Numerics.Tensors.TensorPrimitives.ConvertToHalf(component, values);
        file.Write(MemoryMarshal.AsBytes<Half>(values));
    }

    private void Read(float[] component)
    {
        _file.ReadExactly(MemoryMarshal.AsBytes(_values.AsSpan()));
        System.Numerics.Tensors.TensorPrimitives.ConvertToSingle(_values, component);
    }
}
