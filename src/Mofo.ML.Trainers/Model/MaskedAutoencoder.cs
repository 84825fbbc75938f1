using Mofo.ML.Research;
using Mofo.ML.Trainers.Model.Layers;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Model;

/// <summary>Masked video autoencoder: sees the visible tokens of a clip, predicts the pixels of the hidden ones, or pixels and differences.</summary>
/// <remarks>
/// Clips [B,3,T,H,W], visible [B,V] int64, masked [B,M] int64 -> predictions [B,M,P] (or [B,M,2P]) in the order of masked. The masked tokens may be a part of the
/// hidden ones (see RunningCellMasking): the decoder then works on V + M tokens only.
/// </remarks>
internal sealed class MaskedAutoencoder : nn.Module<SeenClips, Tensor, Tensor, Tensor>, IForwardOrder
{
    [ComponentName(Name = "mask_token")]
    private readonly Parameter _maskToken;

    [ComponentName(Name = "encoder")]
    private readonly VideoEncoder _encoder;

    [ComponentName(Name = "decoder")]
    private readonly MaskedDecoder _decoder;

    [ComponentName(Name = "encoder_to_decoder")]
    private readonly MixedLinear _encoderToDecoder;

    private readonly SinusoidPositions _positions;

    /// <param name="config">Sizes.</param>
    /// <param name="generator">Source of the starting weights; null leaves zeros, for weights that are read next.</param>
    /// <param name="start">How they are drawn.</param>
    /// <param name="target">What is predicted: it sets the width of the decoder's head.</param>
    public MaskedAutoencoder(
        VitConfig config, Generator? generator, WeightStart start = WeightStart.Xavier, ReconstructionTarget target = ReconstructionTarget.Pixels)
        : base(nameof(MaskedAutoencoder))
    {
        config.Validate();
        _positions = new SinusoidPositions(config.TrainedTokenGrid, config.TokenGrid, config.DecoderDim, config.Positions);
        _maskToken = new Parameter(zeros(1, 1, config.DecoderDim));
        _ = _maskToken.DetachFromDisposeScope();
        _encoder = new VideoEncoder(config);
        _decoder = new MaskedDecoder(config, config.ValuesPerToken(target));
        _encoderToDecoder = new MixedLinear(config.EmbedDim, config.DecoderDim, bias: false);
        RegisterComponents();
        if (generator is not null)
        {
            WeightInit.Draw(this, start, generator);
            WeightInit.TruncatedNormal(_maskToken, cutAt: 1, generator);
        }
    }

    public VideoEncoder Encoder => _encoder;

    public IEnumerable<Parameter> ParametersInOrder => [.. _encoder.parameters(), .. _encoderToDecoder.parameters(), _maskToken, .. _decoder.parameters()];

    public override Tensor forward(SeenClips clips, Tensor visible, Tensor masked)
    {
        using var scope = NewDisposeScope();
        var (device, type) = (visible.device, _encoder.TokenType);
        var seen = _encoderToDecoder.call(_encoder.call(clips, visible)).Plus(_positions.At(visible, device, type)); // [B,V,D]
        var hidden = _maskToken.to(type).Plus(_positions.At(masked, device, type)); // [B,M,D]
        return _decoder.call(cat([seen, hidden], 1), masked.shape[1]).MoveToOuterDisposeScope();
    }
}
