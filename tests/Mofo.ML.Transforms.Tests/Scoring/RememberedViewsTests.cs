using Mofo.ML.Tests.Synthetic;
using Mofo.ML.Transforms.Clips;
using Mofo.ML.Transforms.Scoring;

namespace Mofo.ML.Transforms.Tests.Scoring;

public sealed class RememberedViewsTests : IDisposable
{
    private static readonly ScoringViews Views = new(8, 48, ClipSampling.Uniform, 2, Segments: 2, Crops: 2);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mofo-views-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(1 << 20)]
    [InlineData(0)]
    public void Views_are_the_same_kept_or_not(long capacity)
    {
        var source = new ClipSource(Video("clip.avi", 1), new float[] { 10, 20, 90, 70 }, 3);
        var expected = Values(Views, source);
        var remembered = new RememberedViews(Views, capacity);
        Assert.Equal(Views.Count, remembered.Count);
        Assert.Equal(expected, Values(remembered, source));
        Assert.Equal(expected, Values(remembered, source));
    }

    [Fact]
    public void A_kept_video_is_not_opened_again_and_one_beyond_the_memory_is()
    {
        var (one, two) = (Video("one.avi", 1), Video("two.avi", 2));
        var size = Views.Count * 8 * 48 * 48 * 3;
        var remembered = new RememberedViews(Views, size);
        var first = Values(remembered, new ClipSource(one, default, 0));
        _ = Values(remembered, new ClipSource(two, default, 1));
        File.Delete(one);
        File.Delete(two);
        Assert.Equal(first, Values(remembered, new ClipSource(one, default, 0)));
        Assert.Throws<VideoException>(() => remembered.Load(new ClipSource(two, default, 1)));
    }

    [Fact]
    public void Rows_of_one_video_keep_their_own_boxes()
    {
        var video = Video("clip.avi", 1);
        var remembered = new RememberedViews(Views, 1 << 24);
        var (one, two) = (new ClipSource(video, new float[] { 0, 0, 40, 40 }, 0), new ClipSource(video, new float[] { 60, 60, 100, 100 }, 1));
        foreach (var source in (ClipSource[])[one, two, one, two])
        {
            Assert.Equal(Values(Views, source), Values(remembered, source));
        }
    }

    [Fact]
    public void A_video_that_cannot_be_read_is_tried_once_and_has_no_views_afterwards()
    {
        var source = new ClipSource(Path.Combine(_folder.FullName, "missing.avi"), default, 5);
        var remembered = new RememberedViews(Views, 1 << 20);
        Assert.Equal(5, Assert.Throws<VideoException>(() => remembered.Load(source)).Row);
        Assert.Empty(remembered.Load(source));
    }

    private string Video(string name, int seed) =>
        ClipFile.Write(SyntheticClip.Render(CameraMotion.Pan, 1, seed, frames: 12, width: 128, height: 96).Frames, Path.Combine(_folder.FullName, name));

    /// <summary>All pixels and boxes of all views in a row.</summary>
    private static List<float> Values(IViewSource views, ClipSource source)
    {
        var values = new List<float>();
        foreach (var view in views.Load(source))
        {
            values.AddRange(view.Values);
            values.AddRange(view.Boxes.SelectMany(box => new float[] { box.X1, box.Y1, box.X2, box.Y2 }));
            view.Dispose();
        }

        return values;
    }
}
