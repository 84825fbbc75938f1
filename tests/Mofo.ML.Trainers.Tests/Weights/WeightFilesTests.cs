using System.IO.Compression;
using Mofo.ML.Trainers.Tests.Weights.Pickling;
using Mofo.ML.Trainers.Weights;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Tests.Weights;

public sealed class WeightFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mofo-weights-").FullName;

    private static WeightTensor Four => WeightTensor.FromMemory("w", WeightType.Float32, [1], BitConverter.GetBytes(4f));

    private static byte[] FourPickle => PickleBytes.Model(p => _ = p.Text("w").Tensor("FloatStorage", "0", 1, 0, [1], [1]));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("zip")]
    [InlineData("stream")]
    [InlineData("safetensors")]
    [InlineData("saved model")]
    public void The_format_is_found_by_content_whatever_the_name(string format)
    {
        var bytes = format switch
        {
            "zip" => TorchFiles.Zip(FourPickle, ("0", BitConverter.GetBytes(4f))),
            "stream" => TorchFiles.Stream(FourPickle, ("0", 1, BitConverter.GetBytes(4f))),
            "safetensors" => SafetensorsOf(Four),
            _ => TorchFiles.Archive(CompressionLevel.Optimal, ("a/Model.key", [1]), ("a/weights.safetensors", SafetensorsOf(Four))),
        };
        using var set = WeightFiles.Open(Write("weights.txt", bytes));
        Assert.Equal([4f], TorchFiles.Singles(Assert.Single(set)));
    }

    [Fact]
    public void A_name_without_file_or_folder_says_that_nothing_is_downloaded()
    {
        var path = Path.Combine(_folder, "videomae-base");
        var error = Assert.Throws<FileNotFoundException>(() => WeightFiles.Open(path));
        Assert.StartsWith($"There is neither a weight file nor a folder '{path}'. The library downloads no weights", error.Message, StringComparison.Ordinal);
        Assert.Equal(path, error.FileName);
    }

    [Theory]
    [InlineData("TransformerChain/Transform_000/Model.key")]
    [InlineData(@"TransformerChain\Transform_000\Model.key")]
    [InlineData("Model.key")]
    [InlineData("TrainingInfo/Version.txt")]
    public void A_saved_model_is_recognised_by_the_entries_of_ML_NET(string entry)
    {
        var path = Write("model.bin", TorchFiles.Archive(CompressionLevel.Optimal, (entry, [1]), ("TransformerChain/Transform_000/stage.json", [1])));
        Assert.True(MofoWeights.IsSavedModel(path));
        Assert.StartsWith("a saved model without weights", Assert.Throws<WeightFileException>(() => WeightFiles.Open(path)).Found, StringComparison.Ordinal);
    }

    [Fact]
    public void A_zip_of_torch_or_of_anything_else_is_no_saved_model()
    {
        Assert.False(MofoWeights.IsSavedModel(Write("torch.zip", TorchFiles.Zip(FourPickle, ("0", BitConverter.GetBytes(4f))))));
        Assert.False(MofoWeights.IsSavedModel(Write("text.zip", TorchFiles.Archive(CompressionLevel.Optimal, ("readme.txt", [1])))));
        Assert.False(MofoWeights.IsSavedModel(Write("key.zip", TorchFiles.Archive(CompressionLevel.Optimal, ("a/NoModel.key", [1])))));
    }

    [Fact]
    public void Of_a_saved_model_with_several_stages_the_last_gives_its_weights()
    {
        var other = WeightTensor.FromMemory("w", WeightType.Float32, [1], new byte[4]);
        var path = Write("model.zip", TorchFiles.Archive(CompressionLevel.Optimal,
            ("TransformerChain/Transform_002/w.safetensors", SafetensorsOf(Four)), ("TransformerChain/Transform_001/w.safetensors", SafetensorsOf(other))));
        using var set = WeightFiles.Open(path);
        Assert.Equal([4f], TorchFiles.Singles(set["w"]));
        Assert.EndsWith("model.zip:TransformerChain/Transform_002/w.safetensors", set.Origin);
    }

    [Fact]
    public void Of_a_saved_model_with_several_stages_the_last_one_that_fits_is_loaded()
    {
        using var module = nn.Linear(1, 1, hasBias: false);
        var fitting = WeightTensor.FromMemory("weight", WeightType.Float32, [1, 1], BitConverter.GetBytes(5f));
        var path = Write("model.zip", TorchFiles.Archive(CompressionLevel.Optimal,
            ("TransformerChain/Transform_001/w.safetensors", SafetensorsOf(fitting)), ("TransformerChain/Transform_002/w.safetensors", SafetensorsOf(Four))));

        WeightLoader.Load(path, module, WeightUse.Whole);
        Assert.Equal([5f], module.weight!.data<float>().ToArray());

        using var other = nn.Linear(2, 2);
        Assert.EndsWith("Transform_002/w.safetensors", Assert.Throws<WeightMismatchException>(() => WeightLoader.Load(path, other, WeightUse.Whole)).Report.File);
    }

    [Theory]
    [InlineData("mp_rank_00_model_states.pt")]
    [InlineData("model.safetensors")]
    public void A_checkpoint_folder_of_DeepSpeed_or_HuggingFace_is_opened(string file)
    {
        Write(file, file.EndsWith(".pt") ? TorchFiles.Zip(FourPickle, ("0", BitConverter.GetBytes(4f))) : SafetensorsOf(Four));
        using var set = WeightFiles.Open(_folder);
        Assert.Equal([4f], TorchFiles.Singles(set["w"]));
    }

    [Theory]
    [InlineData("1F8B0800000000000003", 0, "a gzip archive (unpack it first)")]
    [InlineData("377ABCAF271C0004", 0, "a 7-Zip archive (unpack it first)")]
    [InlineData("934E554D5059010046", 0, "an array of NumPy")]
    [InlineData("757374617200", 257, "a tar archive, as PyTorch before 0.2 wrote weights too")]
    public void Archives_and_arrays_are_named(string bytes, int at, string kind)
    {
        byte[] name = [.. "storages"u8, .. new byte[600]];
        byte[] file = [.. name[..at], .. Convert.FromHexString(bytes), .. new byte[100]];
        Assert.Contains($"found {kind}", Assert.Throws<WeightFileException>(() => WeightFiles.Open(Write("w.pth", file))).Message);
    }

    [Fact]
    public void What_is_no_weight_file_is_refused_with_what_is_expected()
    {
        Assert.EndsWith(
            "found a folder without weights; expected one of the files mp_rank_00_model_states.pt, model.safetensors, model.safetensors.index.json, pytorch_model.bin, pytorch_model.bin.index.json in it.",
            Assert.Throws<WeightFileException>(() => WeightFiles.Open(_folder)).Message);
        foreach (var text in new[] { "", "hello", "hello hello" })
        {
            var e = Assert.Throws<WeightFileException>(() => WeightFiles.Open(Write("w.pth", System.Text.Encoding.ASCII.GetBytes(text))));
            Assert.EndsWith(
                $"found {(text.Length == 0 ? "an empty file" : "a file of another kind")}; expected a file of torch.save (.pth, .pt, .bin), a .safetensors file, the index of a model in shards or a saved model (.zip).",
                e.Message);
        }

        Assert.Throws<WeightFileException>(() => WeightFiles.Open(Write("w.zip", TorchFiles.Archive(CompressionLevel.Optimal, ("readme.txt", [1])))));
        Assert.Throws<WeightFileException>(() => WeightFiles.Open(Write("w.zip", "PK\x03\x04 and no more"u8.ToArray())));
        Assert.Throws<FileNotFoundException>(() => WeightFiles.Open(Path.Combine(_folder, "nothing.pth")));
    }

    [Theory]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "a pointer of Git LFS")]
    [InlineData("<!DOCTYPE html><html>", "a web page")]
    [InlineData("\n<html lang=en>", "a web page")]
    [InlineData("\u0089HDF\r\n", "an HDF5 file")]
    public void What_people_get_in_place_of_a_weight_file_is_recognised(string content, string named)
    {
        var path = Write("w.pth", System.Text.Encoding.Latin1.GetBytes(content));
        Assert.StartsWith(named, Assert.Throws<WeightFileException>(() => WeightFiles.Open(path)).Found);
    }

    [Fact]
    public void The_only_weight_file_of_a_folder_is_opened_and_several_are_listed()
    {
        Write("vit_b.safetensors", SafetensorsOf(Four));
        Write("README.md", [1]);
        using (var set = WeightFiles.Open(_folder))
        {
            Assert.EndsWith("vit_b.safetensors", set.Origin);
        }

        Write("vit_s.safetensors", SafetensorsOf(Four));
        Assert.Equal("a folder with 2 files of weights (vit_b.safetensors, vit_s.safetensors); name the file", Assert.Throws<WeightFileException>(() => WeightFiles.Open(_folder)).Found);
    }

    [Fact]
    public void A_folder_of_another_framework_is_recognised()
    {
        Write("tf_model.h5", [1]);
        Assert.Equal("a folder with tf_model.h5 alone, which is of another framework", Assert.Throws<WeightFileException>(() => WeightFiles.Open(_folder)).Found);
    }

    [Fact]
    public void A_TorchScript_archive_is_recognised()
    {
        var path = Write("model.pt", TorchFiles.Archive(CompressionLevel.Optimal, ("archive/data.pkl", FourPickle), ("archive/data/0", new byte[4]), ("archive/constants.pkl", [1]), ("archive/code/m.py", [1])));
        Assert.Contains("found a TorchScript archive, which is a program; expected weights alone", Assert.Throws<WeightFileException>(() => WeightFiles.Open(path)).Message);
    }

    [Fact]
    public void A_saved_module_is_loaded_by_name()
    {
        using var from = nn.Linear(3, 2);
        using var to = nn.Linear(3, 2);
        var path = Path.Combine(_folder, "linear.safetensors");
        WeightFiles.Save(path, ModuleWeights.Export(from, "linear"));
        WeightLoader.Load(path, to, WeightUse.Whole);
        Assert.Equal(from.weight!.data<float>().ToArray(), to.weight!.data<float>().ToArray());
        Assert.Equal(from.bias!.data<float>().ToArray(), to.bias!.data<float>().ToArray());
    }

    private static byte[] SafetensorsOf(WeightTensor tensor)
    {
        using var memory = new MemoryStream();
        Safetensors.Write(memory, [tensor]);
        return memory.ToArray();
    }

    private string Write(string name, byte[] bytes)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
