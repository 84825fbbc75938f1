using Mofo.ML.Trainers.Losses;
using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Model.Fusion;
using Mofo.ML.Trainers.Model.Layers;
using Mofo.ML.Trainers.Training.Optimizer;
using Mofo.ML.Transforms;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Tests.Model;

public sealed class VideoClassifierTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<MotionFusion> Fusions => [.. Enum.GetValues<MotionFusion>()];

    public static TheoryData<MotionFusion> FusionsByBox => [.. Enum.GetValues<MotionFusion>().Except([MotionFusion.AttentivePooling])];

    public void Dispose() => _scope.Dispose();

    [Theory]
    [MemberData(nameof(Fusions))]
    public void A_batch_gives_what_its_clips_give_alone(MotionFusion fusion)
    {
        var model = TinyModels.Classifier(fusion);
        var pixels = TinyModels.Pixels(4);
        var inside = TokenRegions.Inside(TinyModels.Config, TinyModels.Boxes(), CPU);
        using var frozen = no_grad();
        var batch = model.call(pixels.Seen(), inside);
        for (var clip = 0; clip < 4; clip++)
        {
            var alone = model.call(pixels.narrow(0, clip, 1).Seen(), inside.narrow(0, clip, 1));
            Assert.InRange((batch.narrow(0, clip, 1) - alone).abs().max().ToDouble(), 0, 1e-5);
        }
    }

    [Theory]
    [MemberData(nameof(Fusions))]
    public void Boxes_over_nothing_and_over_everything_give_finite_logits_and_gradients(MotionFusion fusion)
    {
        var model = TinyModels.Classifier(fusion);
        var inside = TokenRegions.Inside(TinyModels.Config, TinyModels.Boxes(), CPU);
        var logits = model.call(TinyModels.Pixels(4).Seen(), inside);
        Assert.True(logits.isfinite().all().ToBoolean());
        SoftTargetCrossEntropy.Mean(logits, SmoothedTargets.Of(tensor(new long[] { 0, 1, 2, 0 }), 3, 0.1)).backward();
        Assert.All(model.parameters(), p => Assert.True(p.grad!.isfinite().all().ToBoolean()));
    }

    [Theory]
    [MemberData(nameof(FusionsByBox))]
    public void A_clip_without_box_is_pooled_as_without_fusion(MotionFusion fusion)
    {
        var (fused, plain) = (TinyModels.Classifier(fusion), TinyModels.Classifier(MotionFusion.None));
        using var frozen = no_grad();
        var state = fused.state_dict();
        foreach (var (name, value) in plain.state_dict())
        {
            value.copy_(state[name]);
        }

        var pixels = TinyModels.Pixels(1);
        var nothing = TokenRegions.Inside(TinyModels.Config, [[]], CPU);
        Assert.InRange((fused.Features(pixels.Seen(), nothing) - plain.Features(pixels.Seen(), null)).abs().max().ToDouble(), 0, 1e-5);
    }

    [Theory]
    [InlineData(MotionFusion.MultiHeadCrossAttention)]
    [InlineData(MotionFusion.SoftAttention)]
    [InlineData(MotionFusion.WeightedMean)]
    public void The_box_changes_the_scores(MotionFusion fusion)
    {
        var model = TinyModels.Classifier(fusion);
        using var frozen = no_grad();
        var pixels = TinyModels.Pixels(1);
        var left = model.call(pixels.Seen(), TokenRegions.Inside(TinyModels.Config, [[new MotionBox(0, 0, 16, 32)]], CPU));
        var right = model.call(pixels.Seen(), TokenRegions.Inside(TinyModels.Config, [[new MotionBox(16, 0, 32, 32)]], CPU));
        Assert.True((left - right).abs().max().ToDouble() > 1e-4);
    }

    [Fact]
    public void Attentive_pooling_looks_at_no_box()
    {
        var model = TinyModels.Classifier(MotionFusion.AttentivePooling);
        using var frozen = no_grad();
        var pixels = TinyModels.Pixels(1).Seen();
        var boxed = model.call(pixels, TokenRegions.Inside(TinyModels.Config, [[new MotionBox(0, 0, 16, 32)]], CPU));
        Assert.Equal(GoldenModels.Values(boxed), GoldenModels.Values(model.call(pixels, null)));
    }

    [Fact]
    public void Attentive_pooling_can_choose_a_token_where_a_mean_cannot()
    {
        // Keys as they are, a query that asks for channel 0: the token with the largest channel 0 must get nearly all the weight.
        var model = TinyModels.Classifier(MotionFusion.AttentivePooling);
        using var frozen = no_grad();
        var width = TinyModels.Config.EmbedDim;
        var state = model.state_dict();
        _ = state["attentive_pool.block.attn.q.weight"].zero_();
        _ = state["attentive_pool.block.attn.q_bias"].zero_();
        _ = state["attentive_pool.block.attn.q_bias"].select(0, 0).fill_(100);
        _ = state["attentive_pool.block.attn.kv.weight"].zero_();
        _ = state["attentive_pool.block.attn.kv.weight"].narrow(0, 0, width).copy_(eye(width));
        var tokens = zeros(1, TinyModels.Config.Tokens, width);
        _ = tokens[0, 5, 0].fill_(3);
        var weights = model.FusionWeights(tokens, zeros(1, TinyModels.Config.Tokens, ScalarType.Bool));
        Assert.Equal(5, weights.argmax(1).item<long>());

        // Head 0 of 3 chooses; the others have queries of zero and look at all 16 tokens alike.
        Assert.Equal((1 + (2f / 16)) / 3, weights[0, 5].item<float>(), 1e-3f);
    }

    [Fact]
    public void The_query_of_attentive_pooling_is_drawn_from_the_seed_learns_and_is_not_decayed()
    {
        var (model, same) = (TinyModels.Classifier(MotionFusion.AttentivePooling), TinyModels.Classifier(MotionFusion.AttentivePooling));
        var query = model.named_parameters().Single(p => p.name == "attentive_pool.query").parameter;
        Assert.Equal(GoldenModels.Values(query), GoldenModels.Values(same.state_dict()["attentive_pool.query"]));
        Assert.InRange(query.std().ToDouble(), 0.01, 0.03);
        model.call(TinyModels.Pixels(2).Seen(), null).square().sum().backward();
        Assert.True(query.grad!.norm().ToDouble() > 1e-6);

        var groups = ParameterGroups.Divide(model.named_parameters().Select(p => (p.name, (int)p.parameter.dim())), 0.05, 0.75, TinyModels.Config.Depth);
        var group = groups.Single(g => g.Names.Contains("attentive_pool.query"));
        Assert.Equal((0, 1), (group.WeightDecay, group.RateScale)); // learns at the head's rate
        Assert.Equal(0.05, groups.Single(g => g.Names.Contains("attentive_pool.block.mlp.fc1.weight")).WeightDecay);
    }

    [Fact]
    public void Soft_attention_learns_its_scores()
    {
        var model = TinyModels.Classifier(MotionFusion.SoftAttention);
        var inside = TokenRegions.Inside(TinyModels.Config, [[new MotionBox(0, 0, 16, 16)]], CPU);
        model.call(TinyModels.Pixels(1).Seen(), inside).square().sum().backward();
        var weight = model.named_parameters().Single(p => p.name == "soft_att_local.weight").parameter;
        Assert.True(weight.grad!.norm().ToDouble() > 1e-6);
    }

    [Fact]
    public void A_fusion_without_regions_says_what_is_missing()
    {
        var error = Assert.Throws<ArgumentNullException>(() => TinyModels.Classifier(MotionFusion.WeightedMean).call(TinyModels.Pixels(1).Seen(), null));
        Assert.Contains("This fusion needs the tokens inside the motion boxes.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Boxes_past_the_frame_are_clipped()
    {
        var tokens = new bool[TinyModels.Config.Tokens];
        TokenRegions.Mark(TinyModels.Config, [new MotionBox(-5, -5, 10, 1000)], tokens);
        Assert.Equal([true, false, true, false], tokens[..4]);
    }

    [Fact]
    public void A_wrong_number_of_boxes_is_named()
    {
        var error = Assert.Throws<ArgumentException>(() => TokenRegions.Mark(TinyModels.Config, new MotionBox[3], new bool[16]));
        Assert.Contains("A clip of 8 frames has 3 motion boxes; it needs one per frame, one for all, or none.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Drop_path_acts_in_training_only_and_repeats_with_its_seed()
    {
        var model = TinyModels.Classifier(MotionFusion.None, dropPath: 0.5);
        using var frozen = no_grad();
        var pixels = TinyModels.Pixels(8);
        model.eval();
        var still = model.call(pixels.Seen(), null);
        Assert.Equal(GoldenModels.Values(still), GoldenModels.Values(model.call(pixels.Seen(), null)));

        model.train();
        IRandomLayer.ReseedAll(model, new Random(3));
        var first = GoldenModels.Values(model.call(pixels.Seen(), null));
        IRandomLayer.ReseedAll(model, new Random(3));
        Assert.Equal(first, GoldenModels.Values(model.call(pixels.Seen(), null)));
        Assert.NotEqual(GoldenModels.Values(still), first);
    }

    [Fact]
    public void Head_dropout_drops_its_share_in_training_only_and_repeats_with_its_seed()
    {
        var model = new VideoClassifier(TinyModels.Config, new ClassifierShape(TinyModels.Config.EmbedDim, MotionFusion.None) { HeadDropout = 0.25 }, new Generator(5));
        using var frozen = no_grad();

        // A head that hands on what it sees, so that its scores show which values were dropped.
        foreach (var (name, parameter) in model.named_parameters().Where(p => p.name.StartsWith("head.", StringComparison.Ordinal)))
        {
            _ = name == "head.weight" ? parameter.copy_(eye(TinyModels.Config.EmbedDim)) : parameter.zero_();
        }

        var pixels = TinyModels.Pixels(64);
        model.eval();
        var seen = GoldenModels.Values(model.call(pixels.Seen(), null));
        Assert.Equal(GoldenModels.Values(model.Features(pixels.Seen(), null)), seen);

        model.train();
        IRandomLayer.ReseedAll(model, new Random(3));
        var first = GoldenModels.Values(model.call(pixels.Seen(), null));
        IRandomLayer.ReseedAll(model, new Random(3));
        Assert.Equal(first, GoldenModels.Values(model.call(pixels.Seen(), null)));
        Assert.InRange(first.Count(value => value == 0) / (double)first.Length, 0.2, 0.3);
        Assert.All(first.Zip(seen), pair => Assert.True(pair.First == 0 || Math.Abs(pair.First - (pair.Second / 0.75f)) < 1e-5f));
    }

    [Theory]
    [MemberData(nameof(Fusions))]
    public void A_tiny_model_learns_a_batch_by_heart(MotionFusion fusion)
    {
        var model = TinyModels.Classifier(fusion, classes: 4);
        var pixels = TinyModels.Pixels(4);
        var inside = TokenRegions.Inside(TinyModels.Config, TinyModels.Boxes(), CPU);
        var targets = SmoothedTargets.Of(tensor(new long[] { 0, 1, 2, 3 }), 4);
        using var optimizer = new AdamW(
            model,
            ParameterGroups.Divide(model.named_parameters().Select(p => (p.name, (int)p.parameter.dim())), 0, 1, TinyModels.Config.Depth),
            new AdamWSettings());
        double loss = 0;
        for (var step = 0; step < 60; step++)
        {
            using var inner = NewDisposeScope();
            var value = SoftTargetCrossEntropy.Mean(model.call(pixels.Seen(), inside), targets);
            loss = value.ToDouble();
            value.backward();
            optimizer.Step(3e-3);
            optimizer.ClearGradients();
        }

        Assert.InRange(loss, 0, 0.05); // ln 4 = 1.39 at the start
    }
}
