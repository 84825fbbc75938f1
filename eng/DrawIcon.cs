#:package SkiaSharp
#:package SkiaSharp.NativeAssets.Linux.NoDependencies
// Draws the icon of the packages: a grid of patches, the motion box, and in it the patches that are masked.
// Run as: dotnet run eng/DrawIcon.cs -- eng/icon.png
using SkiaSharp;

const int size = 128, patches = 6, border = 10;
const float step = (size - (2f * border)) / patches;

using var bitmap = new SKBitmap(size, size);
using var canvas = new SKCanvas(bitmap);
using var paint = new SKPaint { IsAntialias = true };
canvas.Clear(SKColors.Transparent);
paint.Color = new SKColor(0x1b, 0x26, 0x3b);
canvas.DrawRoundRect(new SKRect(0, 0, size, size), 18, 18, paint);

for (var y = 0; y < patches; y++)
{
    for (var x = 0; x < patches; x++)
    {
        var moving = x is >= 2 and <= 4 && y is >= 1 and <= 4;
        var masked = ((x * 3) + (y * 5)) % 4 != 0;
        paint.Color = (moving, masked) switch
        {
            (true, true) => new SKColor(0xff, 0xb7, 0x03),
            (true, false) => new SKColor(0xff, 0xe8, 0xa8),
            (false, true) => new SKColor(0x41, 0x5a, 0x77),
            (false, false) => new SKColor(0xa9, 0xbc, 0xd0),
        };
        canvas.DrawRoundRect(new SKRect(border + (x * step) + 1.5f, border + (y * step) + 1.5f, border + ((x + 1) * step) - 1.5f, border + ((y + 1) * step) - 1.5f), 3, 3, paint);
    }
}

paint.Style = SKPaintStyle.Stroke;
paint.StrokeWidth = 4;
paint.Color = new SKColor(0xe6, 0x39, 0x46);
canvas.DrawRect(new SKRect(border + (2 * step) - 1, border + step - 1, border + (5 * step) + 1, border + (5 * step) + 1), paint);

using var png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
using var file = File.Create(args[0]);
png.SaveTo(file);
