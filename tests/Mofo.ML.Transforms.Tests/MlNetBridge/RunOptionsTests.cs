using Microsoft.ML;
using Microsoft.ML.Data;
using Mofo.ML.Tests.Shared;
using Mofo.ML.Transforms.Tests.Video;

namespace Mofo.ML.Transforms.Tests.MlNetBridge;

/// <summary>What a saved pipeline does not hold is given again after loading.</summary>
public sealed class RunOptionsTests : IDisposable
{
    private readonly Video.TemporaryFolder _folder = new();
    private readonly MLContext _ml = new(seed: 1);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Folder_progress_and_warnings_reach_every_stage_of_a_loaded_pipeline()
    {
        var model = Loaded();
        var (warnings, videos, frames) = (new List<string>(), new List<VideoProgress>(), new List<MotionDetectionProgress>());
        _ml.Model.SetMofoRunOptions(model, new MofoRunOptions
        {
            CacheFolder = _folder.File("cache"),
            Warning = warnings.Add,
            Progress = new ImmediateProgress<VideoProgress>(videos.Add),
            DetectionProgress = new ImmediateProgress<MotionDetectionProgress>(frames.Add),
        });
        Read(model, Good(), "absent.avi");
        Assert.Contains("absent.avi", warnings[0]);
        Assert.Equal(2, warnings.Count(warning => warning == "1 of 2 videos could not be read; they have no motion boxes."));
        Assert.Equal([(1, 0), (1, 0), (2, 1), (2, 1)], videos.Select(v => (v.VideosDone, v.VideosSkipped)).Order());
        Assert.Contains(frames, progress => !progress.FromCache);

        frames.Clear();
        var again = Loaded();
        _ml.Model.SetMofoRunOptions(again, new MofoRunOptions { CacheFolder = _folder.File("cache"), DetectionProgress = new ImmediateProgress<MotionDetectionProgress>(frames.Add) });
        Read(again, Good());
        Assert.NotEmpty(frames);
        Assert.All(frames, progress => Assert.True(progress.FromCache));
    }

    [Fact]
    public void Views_that_were_made_before_follow_and_null_takes_settings_away()
    {
        var model = Loaded();
        var view = View(Good());
        var detected = model.Transform(view);
        Assert.Single(detected.GetColumn<float[]>("MotionBoxes"));
        _ml.Model.SetMofoRunOptions(model, new MofoRunOptions { CancellationToken = new CancellationToken(canceled: true) });
        Assert.Throws<OperationCanceledException>(() => detected.GetColumn<float[]>("MotionBoxes").ToList());
        _ml.Model.SetMofoRunOptions(model, new MofoRunOptions());
        Assert.Single(detected.GetColumn<float[]>("MotionBoxes"));
    }

    [Fact]
    public void Later_changes_of_the_options_object_change_nothing()
    {
        var model = Loaded();
        var options = new MofoRunOptions();
        _ml.Model.SetMofoRunOptions(model, options);
        options.CancellationToken = new CancellationToken(canceled: true);
        Read(model, Good());
    }

    [Fact]
    public void Limits_hold_for_the_videos_of_a_loaded_pipeline()
    {
        var model = Loaded();
        var warnings = new List<string>();
        _ml.Model.SetMofoRunOptions(model, new MofoRunOptions { Warning = warnings.Add, VideoLimits = new() { MaxFrames = 2 } });
        Read(model, Good());
        Assert.Contains(warnings, warning => warning.Contains("it has more than 2 frames (VideoLimits.MaxFrames)", StringComparison.Ordinal));

        warnings.Clear();
        _ml.Model.SetMofoRunOptions(model, new MofoRunOptions { Warning = warnings.Add, VideoLimits = new() { MaxFrames = 3 } });
        Read(model, Good());
        Assert.Empty(warnings);
        Assert.Contains("VideoLimits.MaxFrames is 0", Assert.Throws<MofoOptionsException>(() => _ml.Model.SetMofoRunOptions(model, new MofoRunOptions { VideoLimits = new() { MaxFrames = 0 } })).Message);
    }

    [Fact]
    public void Wrong_options_and_pipelines_without_a_stage_of_ours_are_refused()
    {
        var error = Assert.Throws<MofoOptionsException>(() => _ml.Model.SetMofoRunOptions(Loaded(), new MofoRunOptions { CacheFolder = " " }));
        Assert.Contains("CacheFolder is blank; it must be null or the path of a folder.", error.Message);
        var foreign = _ml.Transforms.CopyColumns("Copy", "VideoPath").Fit(View());
        Assert.Throws<ArgumentException>(() => _ml.Model.SetMofoRunOptions(foreign, new MofoRunOptions()));
    }

    private string Good() => RenderedVideo.Write(_folder.File("good.avi"), 3);

    private static ScriptedView View(params string[] paths) => new(_ => paths.Select(path => new ScriptedRow(path)));

    private static void Read(ITransformer model, params string[] paths)
    {
        var detected = model.Transform(View(paths));
        using var cursor = detected.GetRowCursor(detected.Schema);
        var getters = new[] { "MotionBoxes", "Again" }.Select(name => cursor.GetGetter<VBuffer<float>>(detected.Schema[name])).ToList();
        var boxes = default(VBuffer<float>);
        while (cursor.MoveNext())
        {
            getters.ForEach(get => get(ref boxes));
        }
    }

    /// <summary>Two stages in a chain within a chain, saved and loaded.</summary>
    private ITransformer Loaded()
    {
        var path = _folder.File("model.zip");
        if (!File.Exists(path))
        {
            var skip = new MotionDetectionOptions { OnBadVideo = BadVideoHandling.Skip };
            var view = View();
            var inner = _ml.Transforms.DetectMotion(skip).Append(_ml.Transforms.CopyColumns("Copy", "VideoPath"));
            _ml.Model.Save(inner.Append(_ml.Transforms.DetectMotion("Again", "VideoPath", skip)).Fit(view), view.Schema, path);
        }

        return new MLContext().Model.Load(path, out _);
    }
}
