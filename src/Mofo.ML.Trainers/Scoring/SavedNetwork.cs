using Mofo.ML.Trainers.Model.Layers;
using Mofo.ML.Trainers.Training.Compute;
using Mofo.ML.Trainers.Weights;
using Mofo.ML.Transforms;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Scoring;

/// <summary>The network of a saved stage: made as its options say, filled with the weights that lie beside them.</summary>
/// <param name="Config">Its size, from the file.</param>
/// <param name="HasDecoder">Whether it has the decoder that the size describes.</param>
/// <param name="Precision">Number type of its products.</param>
/// <param name="Device">Where it goes.</param>
internal sealed record SavedNetwork(VitConfig Config, bool HasDecoder, Precision Precision, Device Device)
{
    /// <summary>Values of the table of positions, which no weight file holds: 1 GiB in float32, 100 times that of ViT-Huge at 16 frames of 224 pixels.</summary>
    private const double MostPositions = 1 << 28;

    /// <summary>Whether the network will most likely score videos: its weights are then rounded while they are read. A pretrained stage of a pipeline often serves nobody.</summary>
    public bool ScoresNext { get; init; }

    /// <summary>Reads the weights into a new network and hands it to the stage.</summary>
    /// <param name="stream">The weights, read forwards.</param>
    /// <param name="origin">What messages call them.</param>
    /// <param name="make">The network, with any weights.</param>
    /// <param name="use">Network to stage, which owns it from then on.</param>
    /// <exception cref="FormatException">The weights do not fit the network.</exception>
    /// <exception cref="MofoOptionsException">The network is larger than its weights, or its clips are beyond reason.</exception>
    public TStage Read<TModule, TStage>(Stream stream, string origin, Func<TModule> make, Func<TModule, TStage> use)
        where TModule : nn.Module
    {
        RequireRoom(stream.Length);
        ComputeThreads.KeepToQuota();
        using var weights = Safetensors.ReadForwards(stream, origin);
        var model = ParameterMemory.FilledNext(make);
        try
        {
            model.eval();
            ComputeTypes.Apply(model, ComputeTypes.Choose(Precision, Device), Device);
            ModuleWeights.Import(model, weights, RoundingAhead(model));
            _ = model.to(Device);
            return use(model);
        }
        catch (WeightFileException e)
        {
            model.Dispose();
            throw new FormatException($"The weights of {origin} do not fit its options ({e.Message}): the model file was changed or damaged.", e);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Rounds each weight as it comes, while the processor's cache holds it and another thread hashes what was read; null where nothing is rounded yet.</summary>
    private Action<string>? RoundingAhead(nn.Module model)
    {
        if (!ScoresNext || Device.type != DeviceType.CPU)
        {
            return null;
        }

        var layers = model.named_modules().Where(part => part.module is MixedLinear).ToDictionary(part => part.name + ".weight", part => (MixedLinear)part.module, StringComparer.Ordinal);
        return name =>
        {
            if (layers.TryGetValue(name, out var layer))
            {
                layer.RoundAhead();
            }
        };
    }

    /// <summary>Before any memory is taken: an edited size must not exhaust the machine.</summary>
    private void RequireRoom(long weightBytes)
    {
        // Every block has at least the query, key, value and output matrices; the least that there can be, since layouts differ in the rest.
        var least = (4.0 * Config.Depth * Config.EmbedDim * Config.EmbedDim) + (3.0 * Config.TubeletSize * Config.PatchSize * Config.PatchSize * Config.EmbedDim)
            + (HasDecoder ? 4.0 * Config.DecoderDepth * Config.DecoderDim * Config.DecoderDim : 0);
        if (least * sizeof(float) > weightBytes)
        {
            throw new MofoOptionsException(
                nameof(VitConfig), [Invariant($"A network of this size has at least {least:0} weights; there are {weightBytes} bytes of weights, four for each.")]);
        }

        var tokens = (double)Config.Frames / Config.TubeletSize * Math.Pow((double)Config.ImageSize / Config.PatchSize, 2);
        var positions = tokens * Math.Max(Config.EmbedDim, Config.DecoderDim);
        if (positions > MostPositions)
        {
            throw new MofoOptionsException(
                nameof(VitConfig), [Invariant($"{Config.Frames} frames of {Config.ImageSize} pixels have positions of {positions:0} values; at most {MostPositions:0} can be used.")]);
        }
    }
}
