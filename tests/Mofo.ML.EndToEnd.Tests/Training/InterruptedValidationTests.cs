using ActionRecognition.Rendering;
using Microsoft.ML;
using Microsoft.ML.Data;
using Mofo.ML.Tests.Shared;
using Mofo.ML.Trainers;
using Mofo.ML.Transforms;

namespace Mofo.ML.EndToEnd.Tests.Training;

/// <summary>Validation ends a run; the checkpoint it leaves behind is one that an undisturbed run could have written.</summary>
public sealed class InterruptedValidationTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mofo-validation-");
    private readonly MLContext _ml = new(seed: 5);

    public InterruptedValidationTests() =>
        RenderedDataSet.Ensure(In("data"), new DataSetOptions { TrainClipsPerClass = 1, TestClipsPerClass = 1, Frames = 12 });

    private string Missing => Directory.EnumerateFiles(In("data"), "*.mp4", SearchOption.AllDirectories).Where(file => IsIn(file, "test.csv")).Order().Last();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_validation_that_fails_or_is_cancelled_costs_no_bit_once_the_run_goes_on()
    {
        var expected = Train(In("undisturbed"), CancellationToken.None);

        // A missing video ends the run in its first validation.
        var (video, aside) = (Missing, In("aside"));
        File.Move(video, aside);
        var steps = new List<int>();
        var error = Assert.Throws<VideoException>(() => Train(In("disturbed"), CancellationToken.None, steps.Add));
        Assert.Contains(Path.GetFileName(video), error.Message, StringComparison.Ordinal);
        Assert.Equal([1, 2], steps);
        Assert.Single(Directory.GetFiles(In("disturbed"), "checkpoint-*.safetensors"));
        File.Move(aside, video);

        // The last step of an epoch is reported after its validation: a token that is cancelled at step 5 of 9 ends the run before the second one.
        using var stop = new CancellationTokenSource();
        steps.Clear();
        Assert.ThrowsAny<OperationCanceledException>(() => Train(In("disturbed"), stop.Token, step =>
        {
            steps.Add(step);
            if (step == 5)
            {
                stop.Cancel();
            }
        }));
        Assert.Equal([4, 5], steps);
        Assert.Equal(expected, Train(In("disturbed"), CancellationToken.None));
    }

    private float[][] Train(string checkpoints, CancellationToken cancel, Action<int>? watch = null)
    {
        var train = Rows("train.csv");
        var options = new MofoFinetuningOptions
        {
            Model = Pipelines.TrainedPipeline.TinyModel,
            Epochs = 3,
            BatchSize = 3,
            ClipsPerVideo = 1,
            BaseLearningRate = 0.05,
            Precision = Precision.Float32,
            AverageDecay = 0.5,
            ValidationSet = Rows("test.csv"),
            CheckpointFolder = checkpoints,
            CheckpointMinutes = null,
            CheckpointEvery = 100,
            CancellationToken = cancel,
            Progress = watch is null ? null : new ImmediateProgress<TrainingProgress>(p => watch(p.Step)),
        };
        using var model = _ml.MulticlassClassification.Trainers.MofoFinetune(options: options).Fit(train);
        return [.. model.Transform(train).GetColumn<float[]>("Score")];
    }

    private IDataView Rows(string list)
    {
        var rows = File.ReadLines(In("data/" + list)).Select((line, i) => new Row(In("data/" + line.Split(' ')[0]), [i, i, i + 60f, i + 50f], line.Split(' ')[1])).ToList();
        var data = _ml.Data.LoadFromEnumerable(rows);
        return _ml.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
    }

    private bool IsIn(string file, string list) =>
        File.ReadLines(In("data/" + list)).Any(line => In("data/" + line.Split(' ')[0]) == file);

    private string In(string name) => Path.Combine(_folder.FullName, name);

    private sealed record Row(string VideoPath, float[] MotionBoxes, string Label);
}
