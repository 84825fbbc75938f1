using Mofo.ML.Trainers.Finetuning;
using Mofo.ML.Trainers.Model.Fusion;
using Mofo.ML.Trainers.Tests.Model;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.Clips;
using Mofo.ML.Transforms.Scoring;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Tests.Finetuning;

public sealed class ClassActivationTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<MotionFusion> Fusions => [.. Enum.GetValues<MotionFusion>()];

    public void Dispose() => _scope.Dispose();

    [Theory]
    [MemberData(nameof(Fusions))]
    public void Fusion_weights_add_up_to_one_and_never_are_NaN(MotionFusion fusion)
    {
        var model = TinyModels.Classifier(fusion);
        using var frozen = no_grad();
        var inside = TokenRegions.Inside(TinyModels.Config, TinyModels.Boxes(), CPU);
        var weights = model.FusionWeights(model.Tokens(TinyModels.Pixels(4).Seen()), inside);
        Assert.All(weights.sum(1).data<float>().ToArray(), sum => Assert.Equal(1, sum, 1e-5f));
        Assert.True(weights.greater_equal(zeros_like(weights)).all().ToBoolean());
    }

    [Theory]
    [InlineData(MotionFusion.WeightedMean)]
    [InlineData(MotionFusion.SoftAttention)]
    public void Weights_of_a_pooling_give_its_direction(MotionFusion fusion)
    {
        // These fusions are weighted sums of tokens up to a factor, which the norm behind them hides: so the weights can be checked against the scores.
        var model = TinyModels.Classifier(fusion);
        using var frozen = no_grad();
        var inside = TokenRegions.Inside(TinyModels.Config, TinyModels.Boxes(), CPU);
        var tokens = model.Tokens(TinyModels.Pixels(4).Seen());
        var weights = model.FusionWeights(tokens, inside);
        var pooled = TokenMeans.WeightedSum(tokens, weights);
        var plain = TinyModels.Classifier(MotionFusion.None);
        foreach (var (name, value) in plain.state_dict())
        {
            value.copy_(model.state_dict()[name]);
        }

        var expected = model.Classify(tokens, inside);
        var found = plain.Classify(pooled.unsqueeze(1), null);
        Assert.InRange((expected - found).abs().max().ToDouble(), 0, 2e-3); // the norm's epsilon does not scale with the factor
    }

    [Fact]
    public void Cross_attention_weighs_the_tokens_outside_the_box()
    {
        var model = TinyModels.Classifier(MotionFusion.MultiHeadCrossAttention);
        using var frozen = no_grad();
        var inside = TokenRegions.Inside(TinyModels.Config, [TinyModels.Boxes()[0]], CPU);
        var weights = model.FusionWeights(model.Tokens(TinyModels.Pixels(1).Seen()), inside);
        Assert.Equal(0, weights.masked_select(inside).sum().ToDouble(), 1e-6);
    }

    [Fact]
    public void The_activation_is_where_the_class_is_read_from()
    {
        // Class 1 is the sum of channel 0 of the tokens: its activation must be that channel, where positive, scaled to 1.
        var model = TinyModels.Classifier(MotionFusion.None);
        using (no_grad())
        {
            foreach (var (name, parameter) in model.named_parameters().Where(p => p.name is "head.weight" or "head.bias"))
            {
                _ = parameter.zero_();
                if (name == "head.weight")
                {
                    _ = parameter[1, 0].fill_(1);
                }
            }
        }

        using var view = View();
        var maps = new ClassActivation(model, TinyModels.Config, CPU).Of(view, wanted: 1);
        Assert.Equal(1, maps.Class);
        Assert.Equal(TinyModels.Config.Tokens, maps.Activation.Length);
        Assert.Equal(1, maps.Activation.Max());
        Assert.All(maps.Activation, value => Assert.InRange(value, 0, 1));
        Assert.Equal(maps.Activation, new ClassActivation(model, TinyModels.Config, CPU).Of(view, 1).Activation);
        Assert.All(model.parameters(), p => Assert.Null(p.grad));

        using var frozen = no_grad();
        var tokens = model.Tokens(Mofo.ML.Trainers.Training.Feed.PixelBatch.Stack([view.Pixels], TinyModels.Config, CPU).Seen());
        var logit = model.Classify(tokens, null)[0, 1].ToDouble();
        var strongest = Array.IndexOf(maps.Activation, 1f);
        var without = tokens.clone();
        without[0, strongest].zero_();
        Assert.True(model.Classify(without, null)[0, 1].ToDouble() < logit, "The strongest token should speak for the class.");
    }

    [Fact]
    public void Without_a_wish_the_likeliest_class_is_explained()
    {
        var model = TinyModels.Classifier(MotionFusion.SoftAttention);
        using var view = View();
        var maps = new ClassActivation(model, TinyModels.Config, CPU).Of(view, wanted: null);
        var all = Enumerable.Range(0, 3).Select(k => new ClassActivation(model, TinyModels.Config, CPU).Of(view, k).Probability).ToArray();
        Assert.Equal(all.Max(), maps.Probability);
        Assert.Equal(1, all.Sum(), 1e-5);
    }

    private static ViewClip View()
    {
        var side = TinyModels.Config.ImageSize;
        using var clip = new Clip(TinyModels.Config.Frames, side, side);
        new Random(7).NextBytes(clip.Pixels);
        return new ViewClip(new PixelBuffer(clip), [.. Enumerable.Range(0, clip.Length).Select(_ => new MotionBox(4, 4, 14, 14))]);
    }
}
