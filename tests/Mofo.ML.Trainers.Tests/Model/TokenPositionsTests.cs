using System.Numerics.Tensors;
using Mofo.ML.Research;
using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Model.Layers;
using Mofo.ML.Trainers.Tests.OnnxExport;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.OnnxScoring;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Tests.Model;

/// <summary>What small networks may start from: positions per axis, and attention to tokens that look alike.</summary>
public sealed class TokenPositionsTests : IDisposable
{
    private static readonly VitConfig Config = TinyModels.Config with { Positions = TokenPositions.PerAxis };

    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(8, 14, 14, 96)]
    [InlineData(4, 6, 6, 12)]
    [InlineData(16, 16, 16, 64)] // not a multiple of six
    public void Rows_tell_all_cells_apart_and_share_the_part_of_a_shared_axis(int slices, int rows, int columns, int width)
    {
        var grid = new TokenGrid(slices, rows, columns);
        var table = SinusoidPositions.Values(grid, grid, width, TokenPositions.PerAxis).Chunk(width).ToArray();
        Assert.Equal(grid.Tokens, table.Select(row => string.Join(' ', row)).Distinct().Count());
        var part = width / 6 * 2;
        for (var token = 0; token < grid.Tokens; token++)
        {
            var (t, y, x) = (token / (rows * columns), token / columns % rows, token % columns);
            Assert.Equal(table[t * rows * columns][..part], table[token][..part]);
            Assert.Equal(table[y * columns][part..(2 * part)], table[token][part..(2 * part)]);
            Assert.Equal(table[x][(2 * part)..(3 * part)], table[token][(2 * part)..(3 * part)]);
            Assert.All(table[token][(3 * part)..], value => Assert.Equal(0, value));
        }
    }

    [Fact]
    public void The_nearer_along_an_axis_the_more_alike()
    {
        var grid = new TokenGrid(4, 6, 6);
        var table = SinusoidPositions.Values(grid, grid, 96, TokenPositions.PerAxis).Chunk(96).ToArray();
        foreach (var step in new[] { 1, 6, 36 }) // columns, rows, slices
        {
            var alike = Enumerable.Range(0, 4).Select(distance => TensorPrimitives.CosineSimilarity<float>(table[0], table[distance * step])).ToArray();
            Assert.Equal(alike.OrderDescending(), alike);
            Assert.True(alike[1] - alike[2] > 0.02);
        }
    }

    [Fact]
    public void Attention_starts_where_queries_equal_keys_and_values_come_back()
    {
        var model = new MaskedAutoencoder(Config, new Generator(1), WeightStart.Mimetic);
        var again = new MaskedAutoencoder(Config, new Generator(1), WeightStart.Mimetic);
        var plain = new MaskedAutoencoder(Config, new Generator(1), WeightStart.Xavier);
        var state = model.state_dict();
        foreach (var name in state.Keys.Where(name => name.EndsWith("attn.qkv.weight", StringComparison.Ordinal)))
        {
            var parts = state[name].chunk(3, 0);
            var width = parts[0].shape[0];
            Assert.Equal(GoldenModels.Values(parts[0]), GoldenModels.Values(parts[1]));
            Assert.Equal(GoldenModels.Values(plain.state_dict()[name].chunk(3, 0)[0] * 2), GoldenModels.Values(parts[0]));
            var there = state[name.Replace("qkv", "proj", StringComparison.Ordinal)].matmul(parts[2]);
            Assert.InRange((there - eye(width)).abs().max().ToDouble(), 0, 1e-5);
        }

        Assert.All(state, p => Assert.Equal(GoldenModels.Values(p.Value), GoldenModels.Values(again.state_dict()[p.Key])));
    }

    [Fact]
    public void An_exported_model_has_the_same_positions()
    {
        var model = new MaskedAutoencoder(Config, new Generator(6));
        var sequence = new MaskedAutoencoder(TinyModels.Config, new Generator(6));
        var pixels = TinyModels.Pixels(2);
        using var frozen = no_grad();
        var expected = GoldenModels.Values(model.Encoder.call(pixels.Seen(), null).mean([1]));
        Assert.True(GoldenModels.LargestGap(expected, GoldenModels.Values(sequence.Encoder.call(pixels.Seen(), null).mean([1]))) > 1e-3);
        using var exported = ExportedModel.Of(model.Encoder, Config);
        Assert.InRange(GoldenModels.LargestGap(expected, exported.Run(OnnxColumns.Features, pixels)), 0, 1e-5);
    }

    [Fact]
    public void A_kind_of_positions_that_is_none_is_refused()
    {
        var error = Assert.Throws<MofoOptionsException>(() => (TinyModels.Config with { Positions = (TokenPositions)5 }).Validate());
        Assert.Equal(["Positions is 5; it must be one of Sequence, PerAxis, Stored."], error.Problems);
    }
}
