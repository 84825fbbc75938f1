using Mofo.ML.Transforms.MotionMaps;

namespace Mofo.ML.Transforms.Tests.MotionMaps;

public sealed class BlackBarsTests
{
    private const int Width = 64;
    private const int Height = 48;

    [Fact]
    public void Rows_and_columns_that_were_black_so_far_are_bars()
    {
        var bars = new BlackBars(Width, Height);
        var area = new PictureArea(3, 6, 60, 41);
        Assert.Equal(area, bars.Take(Picture(area)));
        Assert.Equal(area, bars.Take(Picture(area)));
    }

    [Fact]
    public void What_has_shown_a_picture_once_is_no_bar_any_more()
    {
        var bars = new BlackBars(Width, Height);
        Assert.Equal(new(10, 6, 60, 40), bars.Take(Picture(new(10, 6, 60, 40))));
        Assert.Equal(new(0, 6, 60, 44), bars.Take(Picture(new(0, 8, 50, 44))));
        Assert.Equal(new(0, 6, 60, 44), bars.Take(Picture(new(10, 8, 50, 40))));
        Assert.Equal(PictureArea.Whole(Width, Height), bars.Take(Picture(PictureArea.Whole(Width, Height))));
    }

    [Fact]
    public void A_dark_frame_says_nothing()
    {
        var bars = new BlackBars(Width, Height);
        Assert.Equal(PictureArea.Whole(Width, Height), bars.Take(new byte[Width * Height]));
        Assert.Equal(PictureArea.Whole(Width, Height), bars.Take(Picture(new(30, 20, 34, 24))));
        var area = new PictureArea(0, 6, Width, 42);
        Assert.Equal(area, bars.Take(Picture(area)));
    }

    [Theory]
    [InlineData(427, 240, 214, 120)]
    [InlineData(320, 239, 160, 120)]
    public void The_whole_frame_is_the_whole_map(int width, int height, int mapWidth, int mapHeight)
    {
        Assert.Equal(PictureArea.Whole(mapWidth, mapHeight), PictureArea.Whole(width, height).Reduced(2, mapWidth, mapHeight));
        Assert.Equal(new PictureArea(2, 7, 150, 113), new PictureArea(3, 13, 300, 227).Reduced(2, mapWidth, mapHeight));
        Assert.Equal(new PictureArea(3, 13, 300, 227), new PictureArea(3, 13, 300, 227).Reduced(1, width, height));
    }

    /// <summary>Grey 90 in the area; compression's ripples beside it.</summary>
    private static byte[] Picture(PictureArea area)
    {
        var gray = new byte[Width * Height];
        for (var i = 0; i < gray.Length; i++)
        {
            var (x, y) = (i % Width, i / Width);
            gray[i] = (byte)(x >= area.Left && x < area.Right && y >= area.Top && y < area.Bottom ? 90 : i % 12);
        }

        return gray;
    }
}
