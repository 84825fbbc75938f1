using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using ActionRecognition.Rendering;
using Microsoft.ML;
using Mofo.ML.Trainers;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.Video;

namespace Mofo.ML.EndToEnd.Tests.Pipelines;

/// <summary>The chain of the README opens every video once, however many stages need its frames.</summary>
public sealed class DecodedOnceTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mofo-once-");
    private readonly ConcurrentDictionary<string, int> _opened = new();
    private readonly MeterListener _listener = new();

    public DecodedOnceTests()
    {
        RenderedDataSet.Ensure(_folder.FullName, new DataSetOptions { TrainClipsPerClass = 2, TestClipsPerClass = 1, Frames = 20 });
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument is { Meter.Name: VideoMeter.Name, Name: VideoMeter.VideosOpened })
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, count, tags, _) =>
        {
            var path = Path.GetFullPath((string)tags[0].Value!);
            if (path.StartsWith(_folder.FullName, StringComparison.Ordinal))
            {
                _opened.AddOrUpdate(path, (int)count, (_, before) => before + (int)count);
            }
        });
        _listener.Start();
    }

    public void Dispose()
    {
        _listener.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void Detection_pretraining_and_finetuning_open_a_video_once_and_so_do_detection_and_scoring()
    {
        var ml = new MLContext(seed: 1);
        var pretraining = TrainedPipeline.Pretraining();
        var finetuning = TrainedPipeline.Finetuning();
        (pretraining.ClipMemory, finetuning.ClipMemory) = (64, 64);
        (pretraining.Epochs, finetuning.Epochs) = (2, 2);
        var model = ml.Transforms.DetectMotion()
            .Append(ml.Transforms.PretrainMofo(pretraining))
            .Append(ml.Transforms.Conversion.MapValueToKey("Label"))
            .Append(ml.MulticlassClassification.Trainers.MofoFinetune(finetuning))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
            .Fit(List(ml, "train.csv"));
        using var disposed = model as IDisposable;
        Assert.Equal(Enumerable.Repeat(1, 18), _opened.Values);

        _opened.Clear();
        var metrics = ml.MulticlassClassification.Evaluate(model.Transform(List(ml, "test.csv")));
        Assert.InRange(metrics.MicroAccuracy, 0, 1);
        Assert.Equal(Enumerable.Repeat(1, 9), _opened.Values);
    }

    [Fact]
    public void Without_memory_for_frames_each_epoch_decodes_again()
    {
        var ml = new MLContext(seed: 1);
        var pretraining = TrainedPipeline.Pretraining();
        pretraining.Epochs = 2;
        using var model = ml.Transforms.DetectMotion().Append(ml.Transforms.PretrainMofo(pretraining)).Fit(List(ml, "train.csv")).LastTransformer;
        Assert.All(_opened.Values, count => Assert.InRange(count, 2, 3)); // detection, and each epoch that the video was in a batch of
    }

    [Fact]
    public void A_prediction_engine_opens_the_video_once()
    {
        var ml = new MLContext(seed: 1);
        var model = ml.Transforms.DetectMotion().Append(ml.Transforms.PretrainMofo(TrainedPipeline.Pretraining())).Fit(List(ml, "train.csv"));
        using var pretrained = model.LastTransformer;
        _opened.Clear();
        var engine = ml.Model.CreatePredictionEngine<Asked, Answered>(model);
        var video = Directory.EnumerateFiles(_folder.FullName, "*", SearchOption.AllDirectories).First(file => file.Contains("test", StringComparison.Ordinal) && !file.EndsWith(".csv", StringComparison.Ordinal));
        Assert.Equal(TrainedPipeline.TinyModel.EmbedDim, engine.Predict(new Asked { VideoPath = video }).Features.Length);
        Assert.Equal([1], _opened.Values);
    }

    private IDataView List(MLContext ml, string name) => ml.Data.LoadVideoList(Path.Combine(_folder.FullName, name), classNamesPath: Path.Combine(_folder.FullName, "classes.txt"));

    private sealed class Asked
    {
        public string VideoPath { get; set; } = "";
    }

    private sealed class Answered
    {
        public float[] Features { get; set; } = [];
    }
}
