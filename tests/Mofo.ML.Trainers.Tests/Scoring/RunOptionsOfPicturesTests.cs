using Microsoft.ML;
using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Tests.Model;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.MlNetBridge;
using Mofo.ML.Transforms.Scoring;
using OpenCvSharp;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Tests.Scoring;

/// <summary>Explain and Reconstruct read their video as the stage itself does: with the limits, the token and the receiver of warnings that are in force.</summary>
public sealed class RunOptionsOfPicturesTests : IDisposable
{
    private static readonly VideoInputs Inputs = new("VideoPath", "MotionBoxes");

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mofo-run-");
    private readonly MLContext _ml = new(1);

    public RunOptionsOfPicturesTests()
    {
        using var picture = new Mat(32, 32, MatType.CV_8UC3, new OpenCvSharp.Scalar(40, 80, 120));
        foreach (var name in new[] { "img_1.png", "img_2.png", "img_3.png", "flow_x_1.png", "flow_x_2.png", "flow_y_1.png", "flow_y_2.png" })
        {
            Assert.True(Cv2.ImWrite(Path.Combine(Video, name), picture));
        }
    }

    private string Video => _folder.CreateSubdirectory("video").FullName;

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("explain")]
    [InlineData("reconstruct")]
    public void Limits_token_and_receiver_are_those_in_force_at_the_call(string what)
    {
        var (model, call) = Loaded(what, Video, TinyModels.Config);
        using var held = (IDisposable)model;
        var warnings = new List<string>();
        _ml.Model.SetMofoRunOptions(model, new MofoRunOptions { Warning = warnings.Add, VideoLimits = new() { MaxFrames = 2 } });
        Assert.Contains("(VideoLimits.MaxFrames)", Assert.Throws<VideoException>(call).Message, StringComparison.Ordinal);

        _ml.Model.SetMofoRunOptions(model, new MofoRunOptions { Warning = warnings.Add, CancellationToken = new CancellationToken(canceled: true) });
        Assert.ThrowsAny<OperationCanceledException>(call);

        _ml.Model.SetMofoRunOptions(model, new MofoRunOptions { Warning = warnings.Add, VideoLimits = new() { MaxFrames = 3 } });
        call();
        call();
        Assert.Contains("flow_x", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("explain")]
    [InlineData("reconstruct")]
    public void A_clip_whose_whole_frames_no_array_holds_is_read(string what)
    {
        // 128 frames x 2400 x 2400 pixels x 3 bytes are more than 2^31.
        using var picture = new Mat(2400, 2400, MatType.CV_8UC3, new OpenCvSharp.Scalar(40, 80, 120));
        var large = _folder.CreateSubdirectory("large").FullName;
        Assert.True(Cv2.ImWrite(Path.Combine(large, "1.png"), picture));
        var (model, call) = Loaded(what, large, TinyModels.Config with { Frames = 128, Depth = 1 });
        using var held = (IDisposable)model;
        call();
    }

    private (ITransformer Model, Action Call) Loaded(string what, string video, VitConfig size) => what == "explain" ? Explaining(video, size) : Reconstructing(video, size);

    private (ITransformer Model, Action Call) Explaining(string video, VitConfig size)
    {
        var options = new MofoFinetuningOptions { Model = size, Fusion = MotionFusion.None, Precision = Precision.Float32 };
        var network = new VideoClassifier(size, new ClassifierShape(3, MotionFusion.None), new Generator(5));
        var model = Loaded(new MofoClassificationTransformer(_ml, Inputs, new ClassNames("String", ["a", "b", "c"]), options, network, CPU));
        return (model, () => model.Explain(video, default));
    }

    private (ITransformer Model, Action Call) Reconstructing(string video, VitConfig size)
    {
        var options = new MofoPretrainingOptions { Model = size, MaskRatio = 0.75, MotionMaskRatio = null, Precision = Precision.Float32 };
        var network = new MaskedAutoencoder(size, new Generator(3), target: options.ReconstructionTarget);
        var model = Loaded(new MofoPretrainedTransformer(_ml, "Features", Inputs, options, network, CPU));
        return (model, () => model.Reconstruct(video));
    }

    private T Loaded<T>(T model)
        where T : class, ITransformer, IDisposable
    {
        using (model)
        {
            var path = Path.Combine(_folder.FullName, "model.zip");
            _ml.Model.Save(model, _ml.Data.LoadFromEnumerable(new[] { new Row("v.mp4", [0, 0, 1, 1]) }).Schema, path);
            return (T)new MLContext(2).Model.Load(path, out _);
        }
    }

    private sealed record Row(string VideoPath, float[] MotionBoxes);
}
