using System.Globalization;
using Mofo.ML.Research;
using Mofo.ML.Trainers.Weights.Facts;
using Mofo.ML.Transforms;
using TorchSharp;

namespace Mofo.ML.Trainers.Weights;

/// <summary>Starting weights of a training: which size the network then has, and the loading itself.</summary>
internal static class InitialWeights
{
    /// <summary>The size of a network that starts from these weights.</summary>
    /// <param name="path">File or folder.</param>
    /// <param name="asked">What the user asks for; null for the weights' own size.</param>
    /// <param name="optionsName">Class of the options, for messages.</param>
    /// <param name="needsDecoder">Whether the network has a decoder.</param>
    /// <param name="log">Receives what was found.</param>
    /// <param name="warn">Receives what makes the weights less useful here; null for <paramref name="log"/>.</param>
    public static VitConfig SizeFor(string path, VitConfig? asked, string optionsName, bool needsDecoder, Action<string> log, Action<string>? warn = null)
    {
        if (WeightFiles.IsSavedModel(path))
        {
            return OfSavedModel(path, asked, optionsName, log);
        }

        using var source = WeightFiles.Open(path);
        using var original = ParameterNames.ToOriginal(source);
        if (asked is not null && !IsVideoTransformer(original))
        {
            return asked; // what is missing is reported tensor by tensor when it is loaded
        }

        var facts = NetworkFacts.Of(path, original, NetworkHints.Of(asked));
        if (!facts.FrameRule.Normalization.IsImageNet)
        {
            (warn ?? log)($"The weights of {path} were trained with another mean and deviation of the pixels; here clips are normalised with those of ImageNet.");
        }

        return asked is null ? OwnSize(facts, optionsName, needsDecoder, log) : Fitted(path, facts, asked, optionsName, log);
    }

    /// <summary>Loads the weights into a network of the size that <see cref="SizeFor"/> gave; stored positions are brought to its grid.</summary>
    /// <exception cref="WeightMismatchException">They do not fit.</exception>
    public static LoadReport Load(string path, torch.nn.Module module, VitConfig size, WeightUse use) =>
        WeightLoader.Load(path, module, use, prepare: source => WithPositions(source, size));

    /// <summary>What loading would do, without doing it.</summary>
    public static LoadReport Check(string path, torch.nn.Module module, VitConfig size, WeightUse use)
    {
        using var source = WeightFiles.Open(path);
        return WeightLoader.Check(WithPositions(ParameterNames.ToOriginal(source), size), module.state_dict(), use);
    }

    /// <summary>The tensors with the stored table of positions brought to the grid of a network that has one.</summary>
    public static WeightSet WithPositions(WeightSet original, VitConfig size) =>
        size.Positions != TokenPositions.Stored ? original : new WeightSet(
            original.Origin, original.Select(tensor => IsTableOf(tensor, size) ? PositionTable.Resized(tensor, size.TrainedTokenGrid, size.TokenGrid) : tensor), original.Metadata, original);

    private static bool IsTableOf(WeightTensor tensor, VitConfig size) =>
        PositionTable.Is(WrapperNames.Without(tensor.Name), tensor) && tensor.Shape[2] == size.EmbedDim && tensor.Shape[1] == size.TrainedTokenGrid.Tokens;

    private static bool IsVideoTransformer(WeightSet original) =>
        original.Any(tensor => WrapperNames.Without(tensor.Name) == "patch_embed.proj.weight" && tensor.Shape.Length == 5) && original.Any(tensor => WrapperNames.Without(tensor.Name) == "blocks.0.mlp.fc1.weight")
        && ForeignLayouts.Describe(original.Select(tensor => tensor.Source)) is null;

    private static VitConfig OfSavedModel(string path, VitConfig? asked, string optionsName, Action<string> log)
    {
        var sizes = InputCompatibility.InSavedModel(path);
        if (asked is null)
        {
            var own = sizes.LastOrDefault() ?? throw new WeightFileException(path, null, "a saved model without a network of this library", "a pretrained stage or a classifier in it");
            log($"The size of the network is that of {path}: {SizeText.Of(own)}.");
            return own;
        }

        foreach (var size in sizes)
        {
            InputCompatibility.Require(size, asked with { Positions = PositionsFor(asked, size) }, path, optionsName);
        }

        return sizes.LastOrDefault() is { } trained ? Interpolated(path, asked, trained, log) : asked;
    }

    private static VitConfig OwnSize(NetworkFacts facts, string optionsName, bool needsDecoder, Action<string> log)
    {
        if (needsDecoder && !facts.HasDecoder)
        {
            throw new WeightFileException(
                facts.Origin, null, "a network without a decoder", "an encoder with a decoder, as pretraining saves it; MofoFinetune and ApplyMofoModel take encoders and classifiers alone");
        }

        if (needsDecoder && !facts.KnowsDecoderHeads)
        {
            throw new MofoOptionsException(optionsName, [$"Model is not set, and the weights of {facts.Origin} do not contain the number of the decoder's attention heads; set Model."]);
        }

        log($"The size of the network is that of the weights of {facts.Origin}: {SizeText.Of(facts.Size)}. {string.Join(' ', facts.Remarks)}".TrimEnd());
        return facts.Size;
    }

    private static VitConfig Fitted(string path, NetworkFacts facts, VitConfig asked, string optionsName, Action<string> log)
    {
        if (asked.Positions == TokenPositions.PerAxis && facts.Size.Positions == TokenPositions.Stored)
        {
            throw new MofoOptionsException(optionsName, [$"Model.Positions is PerAxis; the weights of {path} store their positions, so it must be Stored."]);
        }

        if (facts.SettingsHeads is { } heads && heads != asked.Heads)
        {
            throw new MofoOptionsException(optionsName, [string.Create(CultureInfo.InvariantCulture, $"Model.Heads is {asked.Heads}; the settings beside the weights of {path} say {heads}.")]);
        }

        var seen = facts.KnowsPositions ? facts.Size : facts.Size with { Positions = asked.Positions };
        InputCompatibility.Require(seen, asked with { Positions = PositionsFor(asked, seen) }, path, optionsName);

        if (facts.KnowsClips)
        {
            return Interpolated(path, asked, facts.Size, log);
        }

        if ((asked.Frames, asked.ImageSize) != (facts.Size.Frames, facts.Size.ImageSize) && asked is { PositionFrames: null, PositionImageSize: null })
        {
            log($"The weights of {path} do not contain the size of the clips that they were trained on; positions are those of {SizeText.OfClips(asked.Frames, asked.ImageSize)}. Where they were trained at others, set Model.PositionFrames and Model.PositionImageSize.");
        }

        return asked;
    }

    private static VitConfig Interpolated(string path, VitConfig asked, VitConfig trained, Action<string> log)
    {
        var frames = asked.PositionFrames ?? trained.PositionFrames ?? trained.Frames;
        var side = asked.PositionImageSize ?? trained.PositionImageSize ?? trained.ImageSize;
        var positions = PositionsFor(asked, trained);
        if ((frames, side) == (asked.Frames, asked.ImageSize) || asked.TubeletSize != trained.TubeletSize || asked.PatchSize != trained.PatchSize)
        {
            return asked with { Positions = positions };
        }

        log($"Positions are interpolated from {SizeText.OfClips(frames, side)}, at which the weights of {path} were trained, to {SizeText.OfClips(asked.Frames, asked.ImageSize)}.");
        return asked with { Positions = positions, PositionFrames = frames, PositionImageSize = side };
    }

    /// <summary>Stored positions are taken without being asked for.</summary>
    private static TokenPositions PositionsFor(VitConfig asked, VitConfig trained) =>
        trained.Positions == TokenPositions.Stored && asked.Positions == TokenPositions.Sequence ? TokenPositions.Stored : asked.Positions;
}
