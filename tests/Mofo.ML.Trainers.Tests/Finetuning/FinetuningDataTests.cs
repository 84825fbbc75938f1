using Microsoft.ML;
using Microsoft.ML.Data;
using Mofo.ML.Trainers.Finetuning;
using Mofo.ML.Trainers.Training.Feed;
using Mofo.ML.Transforms.MlNetBridge;

namespace Mofo.ML.Trainers.Tests.Finetuning;

/// <summary>Messages on rows name the set that they are of.</summary>
public sealed class FinetuningDataTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly List<string> _warnings = [];

    [Fact]
    public void Validation_labels_that_the_mapping_of_the_training_rows_does_not_know_are_named_as_such()
    {
        var (map, train) = Training("run", "run", "jump");
        var (rows, validation) = Read(train, new MofoFinetuningOptions { ValidationSet = map.Transform(View("run", "swim", "swim")) });
        Assert.Equal((3, 1), (rows.Count, validation.Count));
        Assert.Equal(["2 of 3 validation rows have no label and are left out; a label that no training row has counts as none."], _warnings);

        var error = Assert.Throws<InvalidOperationException>(() => Read(train, new MofoFinetuningOptions { ValidationSet = map.Transform(View("swim")) }));
        Assert.Equal("No validation row has a value in the label column 'Label'; a label that no training row has counts as none.", error.Message);
    }

    [Fact]
    public void Training_rows_without_a_label_are_named_as_such()
    {
        var (map, _) = Training("run", "jump");
        _ = Read(map.Transform(View("run", "swim")), new MofoFinetuningOptions());
        Assert.Equal(["1 of 2 training rows have no label and are left out."], _warnings);
        var error = Assert.Throws<InvalidOperationException>(() => Read(map.Transform(View("swim")), new MofoFinetuningOptions()));
        Assert.Equal("No training row has a value in the label column 'Label'.", error.Message);
    }

    [Fact]
    public void A_fraction_that_holds_nothing_back_is_warned_of()
    {
        var (_, one) = Training("run", "jump", "swim");
        Assert.Empty(Read(one, new MofoFinetuningOptions { ValidationFraction = 0.15 }).Validation);
        Assert.Equal(
            ["ValidationFraction is 0.15, but no training row is held back: each of the 3 classes with rows has 1 row, which is learned from. There is no validation."], _warnings);

        _warnings.Clear();
        var (_, two) = Training("run", "run", "jump");
        Assert.Single(Read(two, new MofoFinetuningOptions { ValidationFraction = 0.15 }).Validation);
        _ = Read(one, new MofoFinetuningOptions());
        Assert.Empty(_warnings);
    }

    private (List<TrainingRow> Train, List<TrainingRow> Validation) Read(IDataView view, MofoFinetuningOptions options)
    {
        var host = new StageHost(StageHost.EnvironmentOf(_ml.Transforms), "test", _warnings.Add);
        using var cancellation = new StageCancellation(host, CancellationToken.None);
        return new FinetuningData(host, new VideoInputs("VideoPath", "MotionBoxes"), new LabelColumn("Label"), weight: null, host.Warning).Read(view, options, seed: 1, cancellation);
    }

    private (ITransformer Map, IDataView Rows) Training(params string[] labels)
    {
        var view = View(labels);
        var map = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(view);
        return (map, map.Transform(view));
    }

    private IDataView View(params string[] labels) => _ml.Data.LoadFromEnumerable(labels.Select((label, i) => new Row { VideoPath = Invariant($"{i}.avi"), Label = label }));

    private sealed class Row
    {
        public string VideoPath { get; set; } = "";

        public string Label { get; set; } = "";

        [VectorType(4)]
        public float[] MotionBoxes { get; set; } = [0, 0, 1, 1];
    }
}
