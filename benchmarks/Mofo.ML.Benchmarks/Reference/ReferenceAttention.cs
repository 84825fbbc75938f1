using Mofo.ML.Trainers.Model.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Mofo.ML.Benchmarks.Reference;

/// <summary>Unfused self-attention: one product for q, k and v, split by a permute, scores held as a tensor.</summary>
internal sealed class ReferenceAttention : nn.Module<Tensor, Tensor>
{
    private readonly Linear qkv;
    private readonly Linear proj;
    private readonly Parameter q_bias;
    private readonly Parameter v_bias;
    private readonly int _heads;
    private readonly int _width;

    public ReferenceAttention(int width, int heads)
        : base(nameof(ReferenceAttention))
    {
        (_width, _heads) = (width, heads);
        qkv = nn.Linear(width, 3 * width, hasBias: false);
        proj = nn.Linear(width, width);
        q_bias = new Parameter(zeros(width));
        v_bias = new Parameter(zeros(width));
        RegisterComponents();
    }

    public override Tensor forward(Tensor tokens)
    {
        using var scope = NewDisposeScope();
        var (batch, count) = (tokens.shape[0], tokens.shape[1]);
        var bias = cat([q_bias, zeros_like(v_bias), v_bias]);
        var all = nn.functional.linear(tokens, qkv.weight!, bias);
        var parts = all.reshape(batch, count, 3, _heads, _width / _heads).permute(2, 0, 3, 1, 4);
        var (q, k, v) = (parts[0], parts[1], parts[2]);
        var scaled = q.mul(KeptScalar.Of(1 / Math.Sqrt(_width / _heads)));
        var scores = matmul(scaled, k.transpose(-2, -1));
        var weights = nn.functional.softmax(scores, -1);
        scores.Dispose(); // its name is taken by the weights
        var mixed = matmul(weights, v).transpose(1, 2).reshape(batch, count, _width);
        return proj.call(mixed).MoveToOuterDisposeScope();
    }
}
