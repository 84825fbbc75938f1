using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms.Tests.Video;

/// <summary>Display matrices of mp4 files: turned and mirrored, in the track, in the movie and in both.</summary>
public sealed class OrientationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    // a b c d of x' = a x + c y, y' = b x + d y; then what that does to a picture.
    public static TheoryData<int[], bool, bool, bool> All => new()
    {
        { [1, 0, 0, 1], false, false, false },
        { [-1, 0, 0, 1], false, true, false },
        { [1, 0, 0, -1], false, false, true },
        { [-1, 0, 0, -1], false, true, true },
        { [0, 1, 1, 0], true, false, false },
        { [0, 1, -1, 0], true, true, false },
        { [0, -1, 1, 0], true, false, true },
        { [0, -1, -1, 0], true, true, true },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(All))]
    public void The_matrix_of_the_track_or_of_the_movie_is_applied(int[] matrix, bool transposed, bool flippedX, bool flippedY)
    {
        var plain = File.ReadAllBytes(RenderedVideo.Write(_folder.File("plain.mp4"), 3));
        var coded = Frames(plain);
        foreach (var box in (string[])["tkhd", "mvhd"])
        {
            var shown = Frames(Mp4Boxes.WithMatrix(plain, box, matrix[0], matrix[1], matrix[2], matrix[3]));
            Assert.Equal(coded.Select(frame => Place(frame, transposed, flippedX, flippedY)), shown.Select(frame => frame.Pixels));
            Assert.All(shown, frame => Assert.Equal(transposed ? (48, 64) : (64, 48), (frame.Width, frame.Height)));
        }
    }

    [Fact]
    public void The_matrix_of_the_movie_comes_after_that_of_the_track()
    {
        // Mirrored first, then turned by 90 degrees clockwise.
        var plain = File.ReadAllBytes(RenderedVideo.Write(_folder.File("plain.mp4"), 2));
        var both = Mp4Boxes.WithMatrix(Mp4Boxes.WithMatrix(plain, "tkhd", -1, 0, 0, 1), "mvhd", 0, 1, -1, 0);
        Assert.Equal(Frames(plain).Select(frame => Place(frame, true, true, true)), Frames(both).Select(frame => frame.Pixels));
    }

    [Fact]
    public void A_matrix_that_turns_by_no_right_angle_counts_as_the_nearest()
    {
        Assert.Equal(PictureOrientation.AsCoded, new Transforms.Video.Containers.DisplayMatrix(0.9, 0.3, -0.3, 0.9).Orientation);
        Assert.Equal(PictureOrientation.OfRotation(90), new Transforms.Video.Containers.DisplayMatrix(0.3, 0.9, -0.9, 0.3).Orientation);
        Assert.Equal(PictureOrientation.AsCoded, new Transforms.Video.Containers.DisplayMatrix(0, 0, 0, 0).Orientation);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(90)]
    [InlineData(180)]
    [InlineData(270)]
    public void A_rotation_is_no_mirror(int degrees)
    {
        Assert.False(PictureOrientation.OfRotation(degrees).IsMirrored);
        Assert.Equal(degrees, PictureOrientation.OfRotation(degrees).Rotation);
        Assert.True(PictureOrientation.OfRotation(degrees).AfterMirror().IsMirrored);
        Assert.Equal(degrees, PictureOrientation.OfRotation(degrees).AfterMirror().Rotation);
    }

    /// <summary>The pixels of a frame with rows and columns exchanged, then mirrored: pixel by pixel, for comparison.</summary>
    internal static byte[] Place(Frame frame, bool transposed, bool flippedX, bool flippedY)
    {
        var (width, height) = transposed ? (frame.Height, frame.Width) : (frame.Width, frame.Height);
        var result = new byte[frame.Pixels.Length];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var (unflippedX, unflippedY) = (flippedX ? width - 1 - x : x, flippedY ? height - 1 - y : y);
                var (fromX, fromY) = transposed ? (unflippedY, unflippedX) : (unflippedX, unflippedY);
                frame.Pixels.AsSpan(((fromY * frame.Width) + fromX) * 3, 3).CopyTo(result.AsSpan(((y * width) + x) * 3));
            }
        }

        return result;
    }

    private List<Frame> Frames(byte[] file)
    {
        var path = _folder.File($"{Guid.NewGuid():N}.mp4");
        File.WriteAllBytes(path, file);
        using var reader = FrameReader.Open(path);
        var frames = new List<Frame>();
        while (reader.TryRead(out var frame))
        {
            frames.Add(frame);
        }

        return frames;
    }
}
