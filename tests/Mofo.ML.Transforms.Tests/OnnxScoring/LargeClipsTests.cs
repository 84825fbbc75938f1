using System.Text;
using Microsoft.ML;
using Mofo.ML.Transforms.Clips;
using Mofo.ML.Transforms.OnnxScoring;
using Mofo.ML.Transforms.Scoring;
using Mofo.ML.Transforms.Tests.Video;

namespace Mofo.ML.Transforms.Tests.OnnxScoring;

/// <summary>The values of the clips of a batch lie in one array: what does not fit is refused when the stage is made.</summary>
public sealed class LargeClipsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_batch_that_no_array_holds_is_refused_with_the_largest_that_fits()
    {
        // 16 x 224 x 224 x 3 = 2,408,448 values; 2,147,483,591 of them fit.
        var model = Model(16, 224);
        var error = Assert.Throws<MofoOptionsException>(() => _ml.Transforms.ApplyMofoOnnxModel(model, options: new MofoOnnxModelOptions { BatchSize = 892 }));
        Assert.Contains("BatchSize is 892; it must be in [1, 891] for a model that takes clips of 16 frames of 224x224.", error.Message, StringComparison.Ordinal);
        _ = _ml.Transforms.ApplyMofoOnnxModel(model, options: new MofoOnnxModelOptions { BatchSize = 891 });
    }

    [Fact]
    public void A_model_whose_clip_no_array_holds_is_refused()
    {
        var model = Model(64, 4096);
        Assert.Contains("takes clips of 64 frames of 4096x4096", Assert.Throws<InvalidDataException>(() => _ml.Transforms.ApplyMofoOnnxModel(model)).Message, StringComparison.Ordinal);
        var views = new ScoringViews(64, 4096, ClipSampling.Uniform, 1, 1, 1);
        Assert.Contains("Frames is 64 and ImageSize is 4096;", Assert.Throws<MofoOptionsException>(views.Validate).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Views_of_a_video_that_no_row_holds_are_refused()
    {
        var model = Model(64, 1024, segments: 16);
        Assert.Contains("looks at 16 clips of a video; at most 10 of this size", Assert.Throws<InvalidDataException>(() => _ml.Transforms.LoadMofoClips(model)).Message, StringComparison.Ordinal);
        _ = _ml.Transforms.ApplyMofoOnnxModel(model);
    }

    /// <summary>An ONNX file with nothing in it but what a model says of itself.</summary>
    private string Model(int frames, int side, int segments = 1)
    {
        var facts = new OnnxModelFacts(new ScoringViews(frames, side, ClipSampling.Uniform, 1, segments, 1), null);
        var path = _folder.File("model.onnx");
        using var file = File.Create(path);
        foreach (var (key, value) in facts.ToMetadata())
        {
            file.Write(Field(14, [.. Field(1, Encoding.UTF8.GetBytes(key)), .. Field(2, Encoding.UTF8.GetBytes(value))]));
        }

        return path;
    }

    private static byte[] Field(int number, byte[] content) => [(byte)((number << 3) | 2), (byte)(content.Length | 0x80), (byte)(content.Length >> 7), .. content];
}
