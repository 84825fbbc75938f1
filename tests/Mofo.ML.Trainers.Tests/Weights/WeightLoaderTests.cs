using Mofo.ML.Trainers.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Tests.Weights;

public class WeightLoaderTests
{
    [Theory]
    [InlineData("")]
    [InlineData("encoder.")]
    [InlineData("module.")]
    [InlineData("backbone.")]
    [InlineData("module.backbone.encoder.")]
    public void Prefixes_of_wrappers_make_no_difference(string prefix)
    {
        using var scope = NewDisposeScope();
        var state = State("patch_embed.proj.bias", "encoder.norm.bias");
        var report = WeightLoader.Load(Source(prefix + "patch_embed.proj.bias", prefix + "norm.bias"), state, WeightUse.Whole);
        Assert.Equal(["patch_embed.proj.bias", "encoder.norm.bias"], report.Loaded);
        Assert.True(report.IsComplete);
        Assert.Equal([1f, 2], state["patch_embed.proj.bias"].data<float>().ToArray());
    }

    [Fact]
    public void Every_problem_is_listed_in_one_message_and_nothing_is_changed()
    {
        using var scope = NewDisposeScope();
        var state = State("blocks.0.norm1.weight", "blocks.0.norm1.bias", "blocks.0.mlp.fc1.bias", "fc_norm.bias");
        using var source = Set(Vector("blocks.0.norm1.weight", 1, 2, 3), Vector("blocks.0.norm1.bias", 1, 2), Vector("surprise", 1), Vector("mask_token", 1),
            WeightTensor.FromMemory("blocks.0.mlp.fc1.bias", WeightType.Int32, [2], new byte[8]));

        var e = Assert.Throws<WeightMismatchException>(() => WeightLoader.Load(source, state, WeightUse.Encoder));

        Assert.Equal(
            "The weights do not fit the model, which stays as it was. Weights from 'w.pth': 1 tensors loaded. "
            + "Of another shape (2): blocks.0.norm1.weight (found F32 [3], expected F32 [2]); blocks.0.mlp.fc1.bias (found I32 [2], expected F32 [2]). "
            + "Unexpected (1): surprise. Left at initial values (1): fc_norm.bias. Ignored (1): mask_token.",
            e.Message);
        Assert.All(state.Values, tensor => Assert.Equal([0f, 0], tensor.data<float>().ToArray()));
    }

    [Fact]
    public void Missing_tensors_stop_a_strict_load_only()
    {
        using var scope = NewDisposeScope();
        var state = State("blocks.0.norm1.weight", "blocks.0.norm1.bias");
        using var source = Source("blocks.0.norm1.bias");

        Assert.Equal(["blocks.0.norm1.weight"], Assert.Throws<WeightMismatchException>(() => WeightLoader.Load(source, state, WeightUse.Encoder)).Report.Missing);
        var report = WeightLoader.Load(source, state, WeightUse.Encoder, strict: false);

        Assert.Equal(["blocks.0.norm1.weight"], report.Missing);
        Assert.False(report.IsComplete);
        Assert.Equal([1f, 2], state["blocks.0.norm1.bias"].data<float>().ToArray());
        Assert.Equal([0f, 0], state["blocks.0.norm1.weight"].data<float>().ToArray());
    }

    [Fact]
    public void A_file_that_has_nothing_for_the_model_is_refused_even_when_tolerant()
    {
        using var scope = NewDisposeScope();
        using var source = Source("conv1.weight");
        Assert.Throws<WeightMismatchException>(() => WeightLoader.Load(source, State("head.weight"), WeightUse.Encoder, strict: false));
    }

    [Fact]
    public void A_head_is_taken_when_it_has_the_same_classes_and_left_fresh_when_not()
    {
        using var scope = NewDisposeScope();
        using var source = Source("blocks.0.norm1.bias", "head.bias");
        Assert.Contains("head.bias", WeightLoader.Load(source, State("blocks.0.norm1.bias", "head.bias"), WeightUse.Encoder).Loaded);

        var other = State("blocks.0.norm1.bias");
        other["head.bias"] = zeros(7);
        var report = WeightLoader.Load(source, other, WeightUse.Encoder);
        Assert.Equal(["head.bias"], report.Ignored);
        Assert.Equal(["head.bias"], report.LeftAtInitialValues);

        Assert.Throws<WeightMismatchException>(() => WeightLoader.Load(source, other, WeightUse.Whole));
    }

    [Theory]
    [InlineData("cls_token", "The file has 'cls_token': a class token: a plain ViT, TimeSformer, MViT or Hiera, not VideoMAE.")]
    [InlineData("blocks.0.gamma_1", "The file has 'blocks.0.gamma_1': layer scale (init_values above 0), which this library's blocks do not have.")]
    public void A_network_of_another_kind_is_named_where_it_does_not_fit(string name, string sentence)
    {
        using var scope = NewDisposeScope();
        using var source = Source("blocks.0.norm1.bias", name);
        var e = Assert.Throws<WeightMismatchException>(() => WeightLoader.Load(source, State("blocks.0.norm1.bias"), WeightUse.Encoder));
        Assert.Equal([sentence], e.Report.Remarks);
        Assert.EndsWith(sentence, e.Message);
    }

    [Fact]
    public void A_network_without_biases_of_queries_and_values_keeps_them_at_zero()
    {
        using var scope = NewDisposeScope();
        using var source = Source("blocks.0.attn.proj.bias");
        var report = WeightLoader.Load(source, State("blocks.0.attn.q_bias", "blocks.0.attn.v_bias", "blocks.0.attn.proj.bias"), WeightUse.Whole);
        Assert.Equal(["blocks.0.attn.q_bias", "blocks.0.attn.v_bias"], report.LeftAtInitialValues);
        Assert.True(report.IsComplete);

        using var half = Source("blocks.0.attn.q_bias", "blocks.0.attn.proj.bias");
        Assert.Equal(
            ["blocks.0.attn.v_bias"],
            Assert.Throws<WeightMismatchException>(() => WeightLoader.Load(half, State("blocks.0.attn.q_bias", "blocks.0.attn.v_bias", "blocks.0.attn.proj.bias"), WeightUse.Whole)).Report.Missing);
    }

    [Fact]
    public void A_second_tensor_for_the_same_place_is_unexpected()
    {
        using var scope = NewDisposeScope();
        using var source = Source("norm.bias", "module.norm.bias");
        Assert.Equal(["module.norm.bias"], Assert.Throws<WeightMismatchException>(() => WeightLoader.Load(source, State("norm.bias"), WeightUse.Whole)).Report.Unexpected);
    }

    [Fact]
    public void Half_precision_is_widened()
    {
        using var scope = NewDisposeScope();
        var state = State("norm.bias");
        using var source = Set(WeightTensor.FromMemory("norm.bias", WeightType.Float16, [2], new byte[] { 0, 0x3c, 0, 0xc0 }));
        WeightLoader.Load(source, state, WeightUse.Whole);
        Assert.Equal([1f, -2], state["norm.bias"].data<float>().ToArray());
    }

    [Fact]
    public void Loading_leaves_no_tensor_behind()
    {
        using var scope = NewDisposeScope();
        var state = State("norm.bias");
        using var source = Set(WeightTensor.FromMemory("norm.bias", WeightType.Float16, [2], new byte[4]));
        var before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        WeightLoader.Load(source, state, WeightUse.Whole);
        Assert.Equal(before, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);
    }

    private static Dictionary<string, Tensor> State(params string[] names) => names.ToDictionary(name => name, _ => zeros(2));

    private static WeightSet Source(params string[] names) => Set([.. names.Select(name => Vector(name, 1, 2))]);

    private static WeightSet Set(params WeightTensor[] tensors) => new("w.pth", tensors);

    private static WeightTensor Vector(string name, params float[] values) =>
        WeightTensor.FromMemory(name, WeightType.Float32, [values.Length], values.SelectMany(BitConverter.GetBytes).ToArray());
}
