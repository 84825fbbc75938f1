using System.Numerics.Tensors;

namespace Mofo.ML.Transforms.Detection;

/// <summary>Gathers the maps of one video into one grey picture.</summary>
internal sealed class MotionMapPicture(int? wanted, double fullScale)
{
    private float[] _sum = [];
    private int _frames;
    private int _width;
    private int _height;

    /// <summary>Takes the next frame's map.</summary>
    public void Add(MotionFrame frame)
    {
        if (_sum.Length == 0)
        {
            (_width, _height, _sum) = (frame.MapWidth, frame.MapHeight, new float[frame.Map.Length]);
        }

        if (wanted is null)
        {
            TensorPrimitives.MultiplyAdd(frame.Map.Span, frame.PerUnit, _sum, _sum);
            _frames++;
        }
        else if (frame.Index <= wanted)
        {
            TensorPrimitives.Multiply(frame.Map.Span, frame.PerUnit, _sum);
            _frames = 1;
        }
    }

    /// <summary>Grey levels 0 to 255, row-major; all 0 where nothing moves.</summary>
    public GrayPicture Finish()
    {
        var white = fullScale > 0 ? (float)fullScale * _frames : TensorPrimitives.Max<float>(_sum);
        var pixels = new byte[_sum.Length];
        if (white > 0)
        {
            for (var i = 0; i < pixels.Length; i++)
            {
                pixels[i] = (byte)MathF.Round(Math.Min(255, _sum[i] * 255 / white));
            }
        }

        return new GrayPicture(_width, _height, pixels);
    }
}

/// <summary>A grey picture, one byte a pixel, rows from the top.</summary>
internal sealed record GrayPicture(int Width, int Height, byte[] Pixels);
