using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using Mofo.ML.Tests.Synthetic;

namespace Mofo.ML.Transforms.Tests.Detection;

public sealed class MotionMapStageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new(seed: 1);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_picture_is_bright_where_the_thing_moves_and_dark_elsewhere()
    {
        var (clip, list) = OneClip();
        using var image = Images(_ml.Transforms.ExtractMotionMap(), list).Single()!;
        Assert.Equal((160, 120, MLPixelFormat.Bgra32), (image.Width, image.Height, image.PixelFormat));
        var (inside, outside) = Means(image, clip.TruthUnion);
        Assert.True(inside > 4 * outside, $"inside {inside:F1}, outside {outside:F1}");
        Assert.Equal(255, Enumerable.Range(0, image.Pixels.Length / 4).Max(i => image.Pixels[4 * i]));
        Assert.All(Enumerable.Range(0, image.Pixels.Length / 4), i => Assert.Equal((image.Pixels[4 * i], image.Pixels[4 * i], 255), (image.Pixels[(4 * i) + 1], image.Pixels[(4 * i) + 2], image.Pixels[(4 * i) + 3])));
    }

    [Fact]
    public void A_full_scale_makes_pictures_comparable()
    {
        var (_, list) = OneClip();
        using var weak = Images(_ml.Transforms.ExtractMotionMap(new MotionMapOptions { FullScale = 20 }), list).Single()!;
        using var strong = Images(_ml.Transforms.ExtractMotionMap(new MotionMapOptions { FullScale = 0.01 }), list).Single()!;
        Assert.InRange(Brightest(weak), 0, 30); // a thing of 4 pixels per frame is far from 20 per pixel
        Assert.Equal(255, Brightest(strong));
    }

    [Fact]
    public void One_frame_can_be_asked_for_and_past_the_end_it_is_the_last()
    {
        var (_, list) = OneClip();
        byte[] Of(int frame)
        {
            using var image = Images(_ml.Transforms.ExtractMotionMap(new MotionMapOptions { Frame = frame }), list).Single()!;
            return image.Pixels.ToArray();
        }

        Assert.NotEqual(Of(0), Of(13));
        Assert.Equal(Of(13), Of(5000));
    }

    [Fact]
    public void A_saved_stage_loads_and_gives_the_same_picture()
    {
        var (_, list) = OneClip();
        var options = new MotionMapOptions { Frame = 3, FullScale = 0.7, Detection = new MotionDetectionOptions { Window = 4, Flow = OpticalFlowAlgorithm.Dis } };
        var model = _ml.Transforms.ExtractMotionMap("Where", "VideoPath", options).Fit(list);
        _ml.Model.Save(model, list.Schema, _folder.PathOf("map.zip"));
        var loaded = new MLContext().Model.Load(_folder.PathOf("map.zip"), out _);
        using var before = Images(model, list, "Where").Single()!;
        using var after = Images(loaded, list, "Where").Single()!;
        Assert.Equal(before.Pixels.ToArray(), after.Pixels.ToArray());
    }

    [Fact]
    public void Image_stages_of_ML_NET_can_follow()
    {
        var (_, list) = OneClip();
        var pipeline = _ml.Transforms.ExtractMotionMap()
            .Append(_ml.Transforms.ResizeImages("Small", 32, 24, "MotionMap"))
            .Append(_ml.Transforms.ExtractPixels("Pixels", "Small", ImagePixelExtractingEstimator.ColorBits.Red));
        var pixels = pipeline.Fit(list).Transform(list).GetColumn<float[]>("Pixels").Single();
        Assert.Equal(32 * 24, pixels.Length);
        Assert.True(pixels.Max() > 0);
    }

    [Fact]
    public void A_skipped_video_has_no_picture_and_a_thrown_one_names_its_row()
    {
        var (_, good) = OneClip();
        var path = _folder.PathOf("bad.csv");
        File.WriteAllLines(path, [$"{_folder.PathOf("one.avi")} a", $"{_folder.PathOf("missing.avi")} a"]);
        var list = _ml.Data.LoadVideoList(path);
        var skipping = new MotionMapOptions { Detection = new MotionDetectionOptions { OnBadVideo = BadVideoHandling.Skip } };
        var images = Images(_ml.Transforms.ExtractMotionMap(skipping), list);
        Assert.NotNull(images[0]);
        Assert.Null(images[1]);
        var error = Assert.Throws<VideoException>(() => Images(_ml.Transforms.ExtractMotionMap(), list));
        Assert.Equal(1, error.Row);
    }

    [Fact]
    public void All_wrong_options_are_named()
    {
        var error = Assert.Throws<MofoOptionsException>(() => _ml.Transforms.ExtractMotionMap(new MotionMapOptions { Frame = -1, FullScale = 21 }));
        Assert.Contains("Frame is -1; it must be null or at least 0. FullScale is 21; it must be in [0, 20].", error.Message);
        Assert.Throws<MofoOptionsException>(() => _ml.Transforms.ExtractMotionMap(new MotionMapOptions { Detection = new MotionDetectionOptions { Window = 0 } }));
        Assert.Throws<MofoOptionsException>(() => _ml.Transforms.ExtractMotionMap(new MotionMapOptions { Detection = null! }));
    }

    private static List<MLImage?> Images(IEstimator<ITransformer> stage, IDataView list) => Images(stage.Fit(list), list, "MotionMap");

    private static List<MLImage?> Images(ITransformer stage, IDataView list, string column)
    {
        var view = stage.Transform(list);
        Assert.Equal(typeof(ImageDataViewType), view.Schema[column].Type.GetType());
        using var cursor = view.GetRowCursor([view.Schema[column]]);
        var get = cursor.GetGetter<MLImage>(view.Schema[column]);
        var images = new List<MLImage?>();
        while (cursor.MoveNext())
        {
            MLImage? image = null;
            get(ref image!);
            images.Add(image);
        }

        return images;
    }

    private static int Brightest(MLImage image) => Enumerable.Range(0, image.Pixels.Length / 4).Max(i => image.Pixels[4 * i]);

    private static (double Inside, double Outside) Means(MLImage image, MotionBox box)
    {
        var all = Enumerable.Range(0, image.Width * image.Height).Select(i => (X: i % image.Width, Y: i / image.Width, Value: image.Pixels[4 * i])).ToArray();
        bool Inside(int x, int y) => x >= box.X1 && x < box.X2 && y >= box.Y1 && y < box.Y2;
        return (all.Where(p => Inside(p.X, p.Y)).Average(p => (double)p.Value), all.Where(p => !Inside(p.X, p.Y)).Average(p => (double)p.Value));
    }

    private (SyntheticClip Clip, IDataView List) OneClip()
    {
        var clip = SyntheticClip.Render(CameraMotion.Pan, things: 1, seed: 3, frames: 14, width: 160, height: 120);
        var list = _folder.PathOf("list.csv");
        File.WriteAllText(list, $"{ClipFile.Write(clip.Frames, _folder.PathOf("one.avi"))} a\n");
        return (clip, _ml.Data.LoadVideoList(list));
    }
}
