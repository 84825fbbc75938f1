using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using Mofo.ML.Transforms.Detection;
using Mofo.ML.Transforms.MlNetBridge;

namespace Mofo.ML.Transforms.MotionStages;

/// <summary>An ML.NET image column from grey pictures; null where there is none. Every value read is an image of its own, which the reader disposes of.</summary>
internal sealed class PictureColumn<TResult>(string name, Func<TResult, GrayPicture?> value)
    : OutputColumn<TResult>(new DataViewSchema.DetachedColumn(name, new ImageDataViewType()))
{
    public override Delegate Getter(Func<TResult> current) => (ValueGetter<MLImage>)((ref MLImage target) =>
    {
        // ML.NET's own image stages dispose of what they find in the variable before they fill it.
        target?.Dispose();
        target = value(current()) is { } picture ? ToImage(picture) : null!;
    });

    private static MLImage ToImage(GrayPicture picture)
    {
        var pixels = new byte[picture.Pixels.Length * 4];
        for (var i = 0; i < picture.Pixels.Length; i++)
        {
            pixels.AsSpan(4 * i, 3).Fill(picture.Pixels[i]);
            pixels[(4 * i) + 3] = byte.MaxValue;
        }

        return MLImage.CreateFromPixels(picture.Width, picture.Height, MLPixelFormat.Bgra32, pixels);
    }
}
