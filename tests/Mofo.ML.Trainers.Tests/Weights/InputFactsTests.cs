using System.IO.Compression;
using Mofo.ML.Trainers.Tests.Weights.Pickling;
using Mofo.ML.Trainers.Weights;
using Mofo.ML.Transforms;

namespace Mofo.ML.Trainers.Tests.Weights;

public sealed class InputFactsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mofo-facts-").FullName;

    private static WeightSet Weights => new("here", [WeightTensor.FromMemory("w", WeightType.Float32, [1], BitConverter.GetBytes(4f))]);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(ClipInput.Changes, TokenPositions.PerAxis)]
    [InlineData(ClipInput.Pixels, TokenPositions.Sequence)]
    public void A_safetensors_file_of_ours_tells_what_its_network_sees(ClipInput input, TokenPositions positions)
    {
        var path = At("facts.safetensors");
        WeightFiles.Save(path, Weights, new InputFacts(input, positions));
        Assert.Equal([new InputFacts(input, positions)], InputFacts.InFile(path));
        var model = VitConfig.Base with { Input = input, Positions = positions };
        InputCompatibility.Require(path, model, "options");
        var other = model with { Input = 1 - input, Positions = 1 - positions };
        var error = Assert.Throws<MofoOptionsException>(() => InputCompatibility.Require(path, other, "options"));
        Assert.Contains($"Model.Input is {1 - input}; the weights of {path} were trained on {input}", error.Message, StringComparison.Ordinal);
        Assert.Contains($"Model.Positions is {1 - positions}; the weights of {path} were trained with {positions}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_tell_nothing_are_not_checked()
    {
        var plain = At("plain.safetensors");
        WeightFiles.Save(plain, Weights);
        Assert.Empty(InputFacts.InFile(plain));
        var pickled = At("weights.pth");
        File.WriteAllBytes(pickled, TorchFiles.Zip(PickleBytes.Model(p => _ = p.Text("w").Tensor("FloatStorage", "0", 1, 0, [1], [1])), ("0", BitConverter.GetBytes(4f))));
        Assert.Empty(InputFacts.InFile(pickled));
        InputCompatibility.Require(pickled, VitConfig.Base with { Input = ClipInput.Changes }, "options");
    }

    [Theory]
    [InlineData("mofo.input", "Smells")]
    [InlineData("mofo.positions", "7")]
    public void A_name_that_this_version_does_not_know_is_an_error(string key, string value)
    {
        var path = At("odd.safetensors");
        Safetensors.Save(path, Weights, new Dictionary<string, string> { [key] = value });
        Assert.Contains(value, Assert.Throws<WeightFileException>(() => InputFacts.InFile(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_saved_model_the_last_stage_comes_first()
    {
        var path = At("model.zip");
        File.WriteAllBytes(path, TorchFiles.Archive(
            CompressionLevel.Optimal,
            ("Chain/Transform_001/weights.safetensors", [1]),
            ("Chain/Transform_001/stage.json", Stage("""{"EmbedDim":4}""")),
            ("Chain/Transform_002/stage.json", Stage("""{"Input":"Changes","Positions":"PerAxis"}""")),
            ("Chain/Transform_000/stage.json", """{"State":{"Options":{}}}"""u8.ToArray())));
        Assert.Equal([new(ClipInput.Changes, TokenPositions.PerAxis), new(ClipInput.Pixels, TokenPositions.Sequence)], InputFacts.InFile(path));

        static byte[] Stage(string model) => System.Text.Encoding.UTF8.GetBytes("""{"State":{"Options":{"Model":""" + model + "}}}");
    }

    [Fact]
    public void Conversion_keeps_the_facts_under_the_names_of_either()
    {
        var (source, ours, again) = (At("source.safetensors"), At("ours.safetensors"), At("again.safetensors"));
        var facts = new InputFacts(ClipInput.Changes, TokenPositions.PerAxis);
        WeightFiles.Save(source, Weights, facts);
        MofoWeights.Convert(source, ours);
        MofoWeights.Convert(ours, again);
        Assert.Equal([facts], InputFacts.InFile(again));
        using var set = WeightFiles.Open(again);
        Assert.Equal("pt", set.Metadata["format"]);
    }

    private string At(string name) => Path.Combine(_folder, name);
}
