using FsCheck;
using FsCheck.Xunit;
using Mofo.ML.Research;
using Mofo.ML.Trainers.Losses;
using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Model.Layers;
using Mofo.ML.Trainers.Tests.Model;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Tests.Losses;

public sealed class FrameDifferencesTests : IDisposable
{
    private static readonly VitConfig Config = TinyModels.Config;
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void A_value_is_the_step_to_the_next_frame_over_the_strength_of_the_clip()
    {
        var pixels = TinyModels.Pixels(2);
        var differences = FrameDifferences.Of(pixels, tensor(new long[] { 5, 15, 0, 1 }, [2, 2]), Config); // [2,2,P]
        var steps = pixels.narrow(2, 1, 7) - pixels.narrow(2, 0, 7);

        // Token 5 of clip 0: slice 1 (frames 2 and 3), row 0, column 1. Second frame, y = 3, x = 7, green.
        var strength = steps[0].pow(2).mean().sqrt().item<float>() + ClipChanges.Floor;
        var value = (1 * 16 * 16) + (3 * 16) + 7;
        Assert.Equal(
            (pixels[0, 1, 4, 3, 23].item<float>() - pixels[0, 1, 3, 3, 23].item<float>()) / strength,
            differences[0, 0, (value * 3) + 1].item<float>(), 1e-5);

        // Token 15 lies in the last slice: its last frame repeats the step into it.
        var last = differences[0, 1].view(2, 16, 16, 3);
        Assert.Equal(GoldenModels.Values(last[0]), GoldenModels.Values(last[1]));
    }

    [Property(MaxTest = 30)]
    public void Differences_have_unit_strength_whatever_the_contrast_and_none_where_nothing_moves(byte seed, PositiveInt contrast)
    {
        using var scope = NewDisposeScope();
        var pixels = randn([1, 3, Config.Frames, 32, 32], generator: new Generator(seed)) * (1 + (contrast.Get % 5));
        pixels.narrow(3, 0, 16).copy_(pixels.narrow(3, 0, 16).narrow(2, 0, 1).expand(1, 3, Config.Frames, 16, 32)); // the upper half stands still
        var all = FrameDifferences.Of(pixels, arange(Config.Tokens).unsqueeze(0), Config); // [1,N,P], token = (slice * 2 + row) * 2 + column
        var rows = all.view(Config.TimeSlices, 2, 2, -1);
        Assert.Equal(0, rows.select(1, 0).abs().max().item<float>());
        Assert.InRange(all.pow(2).mean().item<float>(), 0.8, 1.1); // 1 but for the floor and the repeated last step
    }

    [Fact]
    public void A_clip_that_stands_still_has_targets_of_zero()
    {
        var pixels = randn([1, 3, 1, 32, 32], generator: new Generator(3)).expand(1, 3, Config.Frames, 32, 32).contiguous();
        var targets = FrameDifferences.Of(pixels, tensor(new long[] { 0, 3 }, [1, 2]), Config);
        Assert.Equal(0, targets.abs().max().item<float>());
    }

    [Theory]
    [InlineData(ClipInput.Pixels, true)]
    [InlineData(ClipInput.Pixels, false)]
    [InlineData(ClipInput.Changes, true)]
    [InlineData(ClipInput.Changes, false)]
    public void Pixels_come_first_and_pictures_take_them_alone(ClipInput input, bool normalised)
    {
        var clips = TinyModels.Pixels(2).Seen(input);
        var tokens = tensor(new long[] { 0, 5, 11, 1, 2, 15 }, [2, 3]);
        var both = new ReconstructionTargets(Config, normalised, ReconstructionTarget.PixelsAndDifferences);
        var pixels = new ReconstructionTargets(Config, normalised);
        var targets = both.Of(clips, tokens);
        Assert.Equal([2, 3, 2 * Config.PixelsPerToken], targets.shape);
        Assert.Equal(GoldenModels.Values(pixels.Of(clips, tokens)), GoldenModels.Values(targets.narrow(2, 0, Config.PixelsPerToken)));
        Assert.Equal(GoldenModels.Values(pixels.ToPixels(pixels.Of(clips, tokens), clips, tokens)), GoldenModels.Values(both.ToPixels(targets, clips, tokens)));
    }

    [Fact]
    public void The_targets_leave_no_tensor_behind()
    {
        var clips = TinyModels.Pixels(2).Seen(ClipInput.Changes);
        var tokens = tensor(new long[] { 0, 5 }, [2, 1]);
        var before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        new ReconstructionTargets(Config, normalised: true, ReconstructionTarget.PixelsAndDifferences).Of(clips, tokens).Dispose();
        Assert.Equal(before, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);
    }
}
