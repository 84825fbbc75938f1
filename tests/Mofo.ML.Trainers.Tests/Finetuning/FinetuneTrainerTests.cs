using Microsoft.ML;
using Microsoft.ML.Runtime;
using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Tests.Model;
using Mofo.ML.Trainers.Tests.Training;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.MlNetBridge;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Tests.Finetuning;

/// <summary>What the trainer does before it reads the first row, on a view that cannot be read.</summary>
public sealed class FinetuneTrainerTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly MLContext _ml = new(seed: 1);
    private readonly List<string> _warnings = [];
    private readonly List<string> _lines = [];

    public FinetuneTrainerTests() => _ml.Log += (_, e) => (e.Kind >= ChannelMessageKind.Warning ? _warnings : _lines).Add(e.RawMessage);

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void The_published_recipe_from_random_weights_is_warned_of_before_the_first_video_is_opened()
    {
        Refuse(new MofoFinetuningOptions { Model = VitConfig.Micro });
        var warning = Assert.Single(_warnings);
        Assert.StartsWith("Training starts from random weights: there are neither InitialWeights", warning, StringComparison.Ordinal);
        Assert.Contains("With fewer than 2000 labelled clips and the published recipe (clips are mixed, a low learning rate) expect it to stay at chance. Use MofoFinetuningOptions.For(clips)", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_the_view_knows_that_it_has_many_rows_the_random_weights_alone_are_named()
    {
        Refuse(new MofoFinetuningOptions { Model = VitConfig.Micro }, rows: 2000);
        Assert.EndsWith("for this network.", Assert.Single(_warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_of_the_library_need_no_warning()
    {
        Refuse(MofoFinetuningOptions.For(54, model: VitConfig.Micro));
        Assert.Empty(_warnings);
    }

    [Fact]
    public void Of_two_processes_the_first_alone_warns()
    {
        Refuse(new MofoFinetuningOptions { Model = VitConfig.Micro, World = new SecondOfTwo() });
        Assert.Empty(_warnings);
        Refuse(new MofoFinetuningOptions { Model = VitConfig.Micro, World = new FirstOfTwo() });
        Assert.Single(_warnings);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public void Rows_without_label_are_named_by_the_first_process_alone(int rank, int warnings)
    {
        var open = _ml.Data.LoadFromEnumerable([new Row("v.mp4", [0, 0, 1, 1], "a"), new Row("w.mp4", [0, 0, 1, 1], "")]);
        var labels = _ml.Data.LoadFromEnumerable([new Row("v.mp4", [0, 0, 1, 1], "a")]);
        var view = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(labels).Transform(open);

        // One clip is too few for two processes, which is found when it has been read.
        TrainingWorld world = rank == 0 ? new FirstOfTwo() : new SecondOfTwo();
        Assert.Contains("too few for 2 processes", Assert.Throws<MofoOptionsException>(() => Trainer(new() { Model = TinyModels.Config, World = world }).Fit(view)).Message, StringComparison.Ordinal);
        Assert.Equal(warnings, _warnings.Count(warning => warning.StartsWith("1 of 2 training rows have no label", StringComparison.Ordinal)));
    }

    [Fact]
    public void Without_a_size_the_network_has_that_of_the_pretrained_stage()
    {
        using var pretrained = Pretrained();
        Refuse(new MofoFinetuningOptions(), pretrained);
        Assert.Contains(_lines, line => line.StartsWith("The size of the network is that of the pretrained stage upstream: 2 blocks of width 24, 2 heads", StringComparison.Ordinal));
        Assert.Empty(_warnings);
    }

    [Fact]
    public void Options_that_the_pretrained_network_cannot_have_are_refused()
    {
        using var pretrained = Pretrained();
        var error = Assert.Throws<MofoOptionsException>(() => Trainer(new() { Frozen = FrozenLayers.FirstBlocks, FrozenBlocks = 3 }).Fit(pretrained.Transform(View())));
        Assert.Contains("FrozenBlocks is 3; it must be in [0, 2].", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_size_that_contradicts_the_pretrained_stage_is_refused_and_the_message_names_both()
    {
        using var pretrained = Pretrained();
        var error = Assert.Throws<MofoOptionsException>(() => Trainer(new() { Model = VitConfig.Micro }).Fit(pretrained.Transform(View())));
        NamesBoth(error, "2 blocks of width 24");
    }

    [Fact]
    public void Heads_which_no_shape_shows_are_compared_too_and_the_decoder_is_not()
    {
        using var pretrained = Pretrained();
        _ = Assert.Throws<MofoOptionsException>(() => Trainer(new() { Model = TinyModels.Config with { Heads = 3 } }).Fit(pretrained.Transform(View())));
        Refuse(new MofoFinetuningOptions { Model = TinyModels.Config with { DecoderDepth = 2 } }, pretrained);
    }

    [Fact]
    public void A_chain_whose_two_networks_differ_is_refused_before_anything_is_pretrained()
    {
        var chain = _ml.Transforms.PretrainMofo(MofoPretrainingOptions.For(100_000)).Append(Trainer(MofoFinetuningOptions.For(50, pretrained: true)));
        NamesBoth(Assert.Throws<MofoOptionsException>(() => chain.Fit(View())), $"blocks of width {MofoPretrainingOptions.For(100_000).Model.EmbedDim}");

        // Another start makes the difference one of no consequence: then the pretraining reads its rows.
        var apart = MofoFinetuningOptions.For(50);
        apart.UsePretrained = false;
        Assert.Equal(ClosedView.Message, Assert.ThrowsAny<InvalidOperationException>(() => _ml.Transforms.PretrainMofo(MofoPretrainingOptions.For(100_000)).Append(Trainer(apart)).Fit(View())).Message);
    }

    private static void NamesBoth(MofoOptionsException error, string upstream)
    {
        var micro = VitConfig.Micro;
        Assert.Contains(Invariant($"Model is a network of {micro.Depth} blocks of width {micro.EmbedDim}"), error.Message, StringComparison.Ordinal);
        Assert.Contains("the pretrained stage upstream has ", error.Message, StringComparison.Ordinal);
        Assert.Contains(upstream, error.Message, StringComparison.Ordinal);
    }

    /// <summary>Fits until the rows are read.</summary>
    private void Refuse(MofoFinetuningOptions options, MofoPretrainedTransformer? pretrained = null, long? rows = null)
    {
        var view = View(rows);
        Assert.Equal(ClosedView.Message, Assert.ThrowsAny<InvalidOperationException>(() => Trainer(options).Fit(pretrained?.Transform(view) ?? view)).Message);
    }

    private MofoFinetuneTrainer Trainer(MofoFinetuningOptions options) => _ml.MulticlassClassification.Trainers.MofoFinetune(options);

    private MofoPretrainedTransformer Pretrained()
    {
        var options = new MofoPretrainingOptions { Model = TinyModels.Config, Precision = Precision.Float32 };
        return new MofoPretrainedTransformer(_ml, "Features", new VideoInputs("VideoPath", "MotionBoxes"), options, new MaskedAutoencoder(TinyModels.Config, new Generator(1)), CPU);
    }

    private ClosedView View(long? rows = null)
    {
        var open = _ml.Data.LoadFromEnumerable([new Row("v.mp4", [0, 0, 1, 1], "a"), new Row("w.mp4", [0, 0, 1, 1], "b")]);
        return new ClosedView(_ml.Transforms.Conversion.MapValueToKey("Label").Fit(open).Transform(open).Schema, rows);
    }

    private sealed record Row(string VideoPath, float[] MotionBoxes, string Label);

    private class FirstOfTwo : TwoRanks
    {
        internal override void Abort(Exception error)
        {
        }
    }

    private sealed class SecondOfTwo : FirstOfTwo
    {
        public override int Rank => 1;
    }

    /// <summary>A view with columns and no way to its rows.</summary>
    private sealed class ClosedView(DataViewSchema schema, long? rows) : IDataView
    {
        public const string Message = "The rows were read.";

        public bool CanShuffle => false;

        public DataViewSchema Schema => schema;

        public long? GetRowCount() => rows;

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => throw new InvalidOperationException(Message);

        public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => throw new InvalidOperationException(Message);
    }
}
