using FsCheck.Xunit;
using Mofo.ML.Transforms.Video;
using OpenCvSharp;

namespace Mofo.ML.Transforms.Tests.Video;

/// <summary>The size of a picture is known before it is decoded.</summary>
public sealed class PictureSizeTests
{
    [Theory]
    [InlineData(".jpg")]
    [InlineData(".png")]
    [InlineData(".bmp")]
    [InlineData(".webp")]
    [InlineData(".tif")]
    [InlineData(".ppm")]
    public void The_size_of_a_picture_is_read_from_its_head(string extension)
    {
        using var picture = RenderedVideo.Picture(1, 101, 57);
        Assert.True(Cv2.ImEncode(extension, picture, out var bytes));
        Assert.Equal((101, 57), PictureSize.Of(bytes));
        Assert.Null(PictureSize.Of(bytes.AsSpan(0, 3)));
    }

    [Theory]
    [InlineData(0xFFFFFFFF)]
    [InlineData(0xFFFFFFFE)]
    [InlineData(7)]
    [InlineData(6)]
    public void A_TIFF_picture_whose_directory_lies_outside_has_no_size(uint at)
    {
        var (little, big) = (new byte[8], new byte[8]);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(little.AsSpan(4), at);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(big.AsSpan(4), at);
        "II*\0"u8.CopyTo(little);
        "MM\0*"u8.CopyTo(big);
        Assert.Null(PictureSize.Of(little));
        Assert.Null(PictureSize.Of(big));
    }

    [Property(MaxTest = 300)]
    public void Any_head_of_a_picture_gives_a_size_or_none(byte[] bytes)
    {
        foreach (var start in (byte[][])[[], [0xFF, 0xD8, 0xFF], [.. "BM"u8], [.. "II*\0"u8], [.. "MM\0*"u8], [.. "P6\n"u8], [.. "RIFF    WEBPVP8X"u8], [.. "RIFF    WEBPVP8 "u8]])
        {
            Assert.True(PictureSize.Of([.. start, .. bytes]) is null or { Width: >= 0, Height: >= 0 });
        }
    }
}
