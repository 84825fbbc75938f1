using Mofo.ML.Research;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Model.Layers;

/// <summary>The rows that encode the position of each token: computed, or a table that its weights bring along as a buffer.</summary>
internal sealed class TokenRows
{
    /// <summary>Name of the buffer, [1,N,C]: the original's for positions that are stored.</summary>
    public const string Buffer = "pos_embed";

    private readonly nn.Module _owner;
    private readonly SinusoidPositions? _computed;

    /// <param name="owner">The encoder; the buffer is registered with it where there is one, all 0 until weights are read.</param>
    /// <param name="config">Sizes, and which kind of positions.</param>
    public TokenRows(nn.Module owner, VitConfig config)
    {
        _owner = owner;
        if (config.Positions == TokenPositions.Stored)
        {
            owner.register_buffer(Buffer, zeros(1, config.Tokens, config.EmbedDim).DetachFromDisposeScope());
        }
        else
        {
            _computed = new SinusoidPositions(config.TrainedTokenGrid, config.TokenGrid, config.EmbedDim, config.Positions);
        }
    }

    /// <summary>[1,N,C] for all tokens, or [B,V,C] for the tokens given by [B,V], in the type asked for.</summary>
    public Tensor At(Tensor? indices, Device device, ScalarType type = ScalarType.Float32)
    {
        if (_computed is not null)
        {
            return _computed.At(indices, device, type);
        }

        using var scope = NewDisposeScope();
        var table = _owner.get_buffer(Buffer)!.to(type); // [1,N,C]
        return indices is null
            ? table.alias().MoveToOuterDisposeScope()
            : table.squeeze(0).index_select(0, indices.flatten()).unflatten(0, indices.shape).MoveToOuterDisposeScope();
    }
}
