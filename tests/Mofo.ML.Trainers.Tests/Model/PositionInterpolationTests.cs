using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Model.Layers;
using Mofo.ML.Transforms;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Tests.Model;

/// <summary>Positions of weights that were trained at another clip length or resolution.</summary>
public sealed class PositionInterpolationTests : IDisposable
{
    private const int Width = 6;

    private static readonly TokenGrid Trained = new(8, 14, 14);

    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<int, int, int> Sizes => new() { { 4, 14, 14 }, { 12, 14, 14 }, { 8, 12, 12 }, { 8, 20, 17 }, { 4, 12, 12 }, { 1, 1, 1 } };

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Equal_grids_keep_the_table_bit_by_bit()
    {
        var flat = new TokenGrid(1, 1, Trained.Tokens);
        Assert.Equal(SinusoidPositions.Values(flat, flat, Width), SinusoidPositions.Values(Trained, Trained, Width));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Tables_are_those_of_trilinear_interpolation_with_cells_aligned_by_their_edges(int slices, int rows, int columns)
    {
        var own = new TokenGrid(slices, rows, columns);
        var table = tensor(SinusoidPositions.Values(Trained, Trained, Width), [1, Trained.Slices, Trained.Rows, Trained.Columns, Width]).permute(0, 4, 1, 2, 3);
        var expected = nn.functional.interpolate(table, [slices, rows, columns], mode: InterpolationMode.Trilinear, align_corners: false).permute(0, 2, 3, 4, 1);
        var actual = SinusoidPositions.Values(Trained, own, Width);
        Assert.InRange(GoldenModels.LargestGap(GoldenModels.Values(expected), actual), 0, 2e-6);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Linear_functions_stay_exact_between_the_outermost_centres(int slices, int rows, int columns)
    {
        var own = new TokenGrid(slices, rows, columns);
        var resized = GridInterpolation.Resize(Linear(Trained, Trained), 1, Trained, own);
        Assert.All(Linear(own, Trained).Zip(resized), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
    }

    [Fact]
    public void Weights_of_16_frames_of_224_pixels_run_at_8_frames_and_at_192_pixels()
    {
        var trained = VitConfig.Small with { Depth = 1, DecoderDepth = 1, EmbedDim = 24, DecoderDim = 24 };
        var weights = new MaskedAutoencoder(trained, new Generator(1)).state_dict();
        foreach (var config in new[] { trained with { Frames = 8 }, trained with { ImageSize = 192 } })
        {
            var kept = Encode(config with { PositionFrames = 16, PositionImageSize = 224 });
            var fresh = Encode(config);
            Assert.Equal([1, config.Tokens, 24], kept.shape);
            Assert.True(kept.isfinite().all().ToBoolean());
            Assert.NotEqual(GoldenModels.Values(fresh), GoldenModels.Values(kept));
        }

        Tensor Encode(VitConfig config)
        {
            var model = new MaskedAutoencoder(config, generator: null);
            _ = model.load_state_dict(weights);
            var pixels = randn([1, 3, config.Frames, config.ImageSize, config.ImageSize], generator: new Generator(2));
            using var frozen = no_grad();
            var hidden = arange(config.Tokens / 2, config.Tokens).unsqueeze(0);
            Assert.True(model.call(pixels.Seen(), arange(config.Tokens / 2).unsqueeze(0), hidden).isfinite().all().ToBoolean());
            var classifier = new VideoClassifier(config, new ClassifierShape(3, MotionFusion.None), new Generator(3));
            Assert.Equal([1, 3], classifier.call(pixels.Seen(), null).shape);
            return model.Encoder.call(pixels.Seen(), null);
        }
    }

    [Fact]
    public void Sizes_that_do_not_divide_are_named()
    {
        var error = Assert.Throws<MofoOptionsException>(new VitConfig { PositionImageSize = 200, PositionFrames = 0 }.Validate);
        Assert.Equal(["PositionFrames is 0; it must be at least 1.", "PositionImageSize is 200; it must be a multiple of PatchSize (16)."], error.Problems);
    }

    /// <summary>A linear function of the place in the clip, at the token centres of a grid, the place held inside the outermost centres of the other.</summary>
    private static double[] Linear(TokenGrid grid, TokenGrid held) =>
    [
        .. from t in Enumerable.Range(0, grid.Slices)
           from y in Enumerable.Range(0, grid.Rows)
           from x in Enumerable.Range(0, grid.Columns)
           select (3 * Place(t, grid.Slices, held.Slices)) - (2 * Place(y, grid.Rows, held.Rows)) + (5 * Place(x, grid.Columns, held.Columns)) + 1,
    ];

    private static double Place(int index, int cells, int held) => Math.Clamp((index + 0.5) / cells, 0.5 / held, 1 - (0.5 / held));
}
