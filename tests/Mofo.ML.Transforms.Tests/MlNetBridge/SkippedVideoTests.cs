using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using Mofo.ML.Tests.Shared;
using Mofo.ML.Transforms.Tests.Video;

namespace Mofo.ML.Transforms.Tests.MlNetBridge;

/// <summary>Skipping videos that cannot be read: one warning for each file, a count after each pass, whatever is wrong with the path.</summary>
public sealed class SkippedVideoTests : IDisposable
{
    private static readonly string[] BadPaths = ["", "\0", "a\0b.avi", " ", "absent.avi", new('x', 5000)];

    private readonly Video.TemporaryFolder _folder = new();
    private readonly MLContext _ml = new(seed: 1);
    private readonly LoggedWarnings _log;

    public SkippedVideoTests() => _log = new LoggedWarnings(_ml);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Paths_of_every_bad_kind_have_no_boxes(bool cached)
    {
        var options = new MotionDetectionOptions { OnBadVideo = BadVideoHandling.Skip, CacheFolder = cached ? _folder.File("cache") : null };
        var boxes = View(BadPaths);
        var found = _ml.Transforms.DetectMotion(options).Fit(boxes).Transform(boxes).GetColumn<float[]>("MotionBoxes").ToList();
        Assert.Equal([.. BadPaths.Select(_ => 0), 12], found.Select(values => values.Length));
        Assert.Equal($"{BadPaths.Length} of {BadPaths.Length + 1} videos could not be read; they have no motion boxes.", _log.Take()[^1]);
    }

    [Fact]
    public void Paths_of_every_bad_kind_have_no_picture_and_no_clips()
    {
        var maps = new MotionMapOptions { Detection = new MotionDetectionOptions { OnBadVideo = BadVideoHandling.Skip } };
        var view = View(BadPaths);
        var pictures = _ml.Transforms.ExtractMotionMap(maps).Fit(view).Transform(view);
        using (var cursor = pictures.GetRowCursor(pictures.Schema))
        {
            var get = cursor.GetGetter<MLImage>(pictures.Schema["MotionMap"]);
            for (var i = 0; cursor.MoveNext(); i++)
            {
                MLImage picture = null!;
                get(ref picture);
                Assert.Equal(i < BadPaths.Length, picture is null);
                picture?.Dispose();
            }
        }

        view = View(BadPaths);
        var clips = _ml.Transforms.LoadMofoClips(DescribedModel.Write(_folder.File("model.onnx")), motionColumnName: "Values", options: new MofoClipLoadingOptions { OnBadVideo = BadVideoHandling.Skip })
            .Fit(view).Transform(view).GetColumn<float[]>("Clips").ToList();
        Assert.Equal([.. BadPaths.Select(_ => true), false], clips.Select(pixels => float.IsNaN(pixels[0])));
    }

    [Fact]
    public void A_bad_path_that_is_to_be_thrown_names_its_row()
    {
        var view = View("a\0b.avi");
        var detected = _ml.Transforms.DetectMotion().Fit(view).Transform(view);
        var error = Assert.Throws<VideoException>(() => detected.GetColumn<float[]>("MotionBoxes").ToList());
        Assert.Equal(("a\0b.avi", 0L), (error.File, error.Row));
    }

    [Fact]
    public void A_file_is_warned_of_once_in_all_passes_and_stages_and_counted_in_each()
    {
        var told = new List<string>();
        var skip = new MotionDetectionOptions { OnBadVideo = BadVideoHandling.Skip, Warning = told.Add };
        var view = View("absent.avi", "absent.avi", "gone.avi");
        var chain = _ml.Transforms.DetectMotion(skip).Append(_ml.Transforms.DetectMotion("Again", "VideoPath", skip)).Fit(view);
        const string count = "3 of 4 videos could not be read; they have no motion boxes.";
        for (var pass = 0; pass < 3; pass++)
        {
            var detected = chain.Transform(view);
            using (var cursor = detected.GetRowCursor(detected.Schema))
            {
                var getters = new[] { "MotionBoxes", "Again" }.Select(name => cursor.GetGetter<VBuffer<float>>(detected.Schema[name])).ToList();
                var boxes = default(VBuffer<float>);
                while (cursor.MoveNext())
                {
                    getters.ForEach(get => get(ref boxes));
                }
            }

            var said = _log.Take();
            Assert.Equal(2, said.Count(sentence => sentence == count)); // two stages
            var files = said.Where(sentence => sentence != count).ToList();
            Assert.Equal(pass == 0 ? 2 : 0, files.Count);
            Assert.Equal(said.Order(), told.Order());
            told.Clear();
        }
    }

    [Fact]
    public void A_reader_that_leaves_early_hears_of_what_it_has_seen()
    {
        var view = View("absent.avi", "gone.avi");
        var detected = _ml.Transforms.DetectMotion(new MotionDetectionOptions { OnBadVideo = BadVideoHandling.Skip }).Fit(view).Transform(view);
        Assert.Empty(detected.GetColumn<float[]>("MotionBoxes").First());
        Assert.Contains("1 of 1 videos could not be read; they have no motion boxes.", _log.Take());
    }

    [Fact]
    public void A_prediction_engine_gives_no_boxes_for_a_bad_video_and_goes_on()
    {
        var view = View();
        var model = _ml.Transforms.DetectMotion(new MotionDetectionOptions { OnBadVideo = BadVideoHandling.Skip }).Fit(view);
        using var engine = _ml.Model.CreatePredictionEngine<Query, Found>(model);
        foreach (var path in BadPaths)
        {
            Assert.Empty(engine.Predict(new Query { VideoPath = path }).MotionBoxes);
        }

        Assert.Equal(12, engine.Predict(new Query { VideoPath = Good() }).MotionBoxes.Length);
        Assert.Equal(BadPaths.Length, _log.Take().Count);
    }

    [Fact]
    public void Boxes_of_an_image_folder_are_remembered_until_one_of_its_images_changes()
    {
        var images = RenderedVideo.WriteImages(_folder.File("images"), 5);
        var detections = 0;
        var options = new MotionDetectionOptions { Progress = new ImmediateProgress<MotionDetectionProgress>(_ => Interlocked.Increment(ref detections)) };
        var view = new ScriptedView(_ => [new ScriptedRow(images)]);
        var detected = _ml.Transforms.DetectMotion(options).Fit(view).Transform(view);
        int Detections()
        {
            detections = 0;
            Assert.Equal(20, Assert.Single(detected.GetColumn<float[]>("MotionBoxes")).Length);
            return detections;
        }

        Assert.NotEqual(0, Detections());
        Assert.Equal(0, Detections());
        File.SetLastWriteTimeUtc(Path.Combine(images, "frame_3.png"), new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Assert.NotEqual(0, Detections());
        Assert.Equal(0, Detections());
    }

    private string Good() => RenderedVideo.Write(_folder.File("good.avi"), 3);

    /// <summary>These paths, and a good one at the end.</summary>
    private ScriptedView View(params string[] paths) => new(_ => paths.Append(Good()).Select(path => new ScriptedRow(path)));

    private sealed class Query
    {
        public string VideoPath { get; set; } = "";
    }

    private sealed class Found
    {
        public float[] MotionBoxes { get; set; } = [];
    }
}
