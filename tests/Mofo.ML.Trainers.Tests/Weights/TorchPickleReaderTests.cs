using System.IO.Compression;
using FsCheck.Xunit;
using Mofo.ML.Trainers.Tests.Weights.Pickling;
using Mofo.ML.Trainers.Weights;

namespace Mofo.ML.Trainers.Tests.Weights;

public class TorchPickleReaderTests
{
    [Theory]
    [InlineData("archive", CompressionLevel.NoCompression)]
    [InlineData("checkpoint-4", CompressionLevel.Optimal)]
    [InlineData("my model", CompressionLevel.SmallestSize)]
    public void Any_folder_name_is_read_stored_or_packed(string folder, CompressionLevel packing)
    {
        using var set = TorchFiles.Read(TorchFiles.Zip(folder, packing, TwoByThree("model"), ("0", TorchFiles.Bytes(1, 2, 3, 4, 5, 6))));
        Assert.Equal("F32 [2, 3]", set["w"].Description);
        Assert.Equal([1f, 2, 3, 4, 5, 6], TorchFiles.Singles(set["w"]));
    }

    [Theory]
    [InlineData("model")]
    [InlineData("module")]
    [InlineData("state_dict")]
    [InlineData("ema_state_dict")]
    [InlineData("ema")]
    [InlineData("network")]
    [InlineData("net")]
    public void Weights_are_found_under_the_usual_keys(string key)
    {
        using var set = TorchFiles.Read(TorchFiles.Zip(TwoByThree(key), ("0", new byte[24])));
        Assert.Equal(key, set.Metadata[TorchPickleReader.PlaceKey]);
        Assert.Equal(["w"], set.Names);
    }

    [Fact]
    public void A_bare_state_dict_is_read_and_what_is_no_tensor_is_listed()
    {
        var pickle = PickleBytes.Dictionary(p => _ = p.Text("w").Tensor("FloatStorage", "0", 1, 0, [1], [1]).Text("epoch").Number(3));
        using var set = TorchFiles.Read(TorchFiles.Zip(pickle, ("0", new byte[4])));
        Assert.Equal(["w"], set.Names);
        Assert.Equal("epoch", set.Metadata[TorchPickleReader.SkippedKey]);
    }

    [Fact]
    public void Weights_are_found_in_a_dictionary_within_a_dictionary()
    {
        var pickle = PickleBytes.Dictionary(p =>
        {
            _ = p.Text("model").EmptyDict.Text("step").Number(3).Op('s'); // settings under the name that elsewhere holds the weights
            _ = p.Text("state_dict").EmptyDict.Text("model").OrderedDict.Mark.Text("w").Tensor("FloatStorage", "0", 1, 0, [1], [1]).SetItems.Op('s');
        });
        using var set = TorchFiles.Read(TorchFiles.Zip(pickle, ("0", BitConverter.GetBytes(4f))));
        Assert.Equal("state_dict.model", set.Metadata[TorchPickleReader.PlaceKey]);
        Assert.Equal([4f], TorchFiles.Singles(set["w"]));
    }

    [Theory]
    [InlineData("mmengine.logging.history_buffer", "HistoryBuffer")]
    [InlineData("lightning_fabric.utilities.data", "AttributeDict")]
    public void Log_values_and_settings_of_training_frameworks_do_no_harm(string module, string name)
    {
        var pickle = PickleBytes.Dictionary(p => _ = p
            .Text("log").Global("copy_reg", "_reconstructor").Mark.Global(module, name).Global("__builtin__", "object").None.Tuple.Reduce.EmptyDict.Text("max").Number(9).Op('s').Build
            .Text("state_dict").EmptyDict.Mark.Text("w").Tensor("FloatStorage", "0", 1, 0, [1], [1]).SetItems);
        using var set = TorchFiles.Read(TorchFiles.Zip(pickle, ("0", BitConverter.GetBytes(4f))));
        Assert.Equal([4f], TorchFiles.Singles(set["w"]));
    }

    [Fact]
    public void Everything_beside_the_weights_is_skipped()
    {
        var pickle = PickleBytes.Dictionary(p => _ = p
            .Text("model").OrderedDict.Mark.Text("w").Tensor("FloatStorage", "0", 1, 0, [1], [1]).SetItems
            .EmptyDict.Text("_metadata").OrderedDict.Op('s').Build
            .Text("args").Global("argparse", "Namespace").EmptyTuple.NewObject.EmptyDict.Text("lr").Float(0.1).Op('s').Build
            .Text("lr").Global("numpy.core.multiarray", "scalar").Mark
                .Global("numpy", "dtype").Mark.Text("f8").Raw(0x89).True.Tuple.Reduce.Mark.Number(3).Text("<").None.Tuple.Build
                .Global("_codecs", "encode").Mark.Text("abcdefgh").Text("latin1").Tuple.Reduce.Tuple.Reduce
            .Text("names").Global("__builtin__", "set").Mark.EmptyList.Mark.Text("a").Appends.Tuple.Reduce
            .Text("betas").Mark.Float(0.9).Float(0.95).Tuple
            .Text("complex").Tensor("ComplexFloatStorage", "1", 1, 0, [1], [1])
            .Text("seed").Raw(0x8a, 9).Raw(new byte[9])
            .Text("flags").Raw(0x8f).Mark.Number(1).Number(2).Raw(0x90));
        using var set = TorchFiles.Read(TorchFiles.Zip(pickle, ("0", TorchFiles.Bytes(5)), ("1", new byte[8])));
        Assert.Equal([5f], TorchFiles.Singles(Assert.Single(set)));
    }

    [Fact]
    public void Transposed_sliced_and_shared_storages_give_row_major_tensors()
    {
        var pickle = PickleBytes.Model(p => _ = p
            .Text("transposed").Tensor("FloatStorage", "0", 6, 0, [3, 2], [1, 3])
            .Text("column").Tensor("FloatStorage", "0", 6, 1, [2], [3])
            .Text("row").Tensor("FloatStorage", "0", 6, 3, [1, 3], [99, 1])
            .Text("single").Tensor("FloatStorage", "0", 6, 5, [], [])
            .Text("empty").Tensor("FloatStorage", "0", 6, 0, [0, 3], [3, 1])
            .Text("permuted").Tensor("FloatStorage", "0", 6, 0, [3, 1, 2], [1, 7, 3]));
        foreach (var packing in new[] { CompressionLevel.NoCompression, CompressionLevel.Optimal })
        {
            using var set = TorchFiles.Read(TorchFiles.Zip("archive", packing, pickle, ("0", TorchFiles.Bytes(0, 1, 2, 3, 4, 5))));
            Assert.Equal([0f, 3, 1, 4, 2, 5], TorchFiles.Singles(set["transposed"]));
            Assert.Equal([1f, 4], TorchFiles.Singles(set["column"]));
            Assert.Equal([3f, 4, 5], TorchFiles.Singles(set["row"]));
            Assert.Equal([5f], TorchFiles.Singles(set["single"]));
            Assert.Empty(set["empty"].ToArray());
            Assert.Equal([0f, 3, 1, 4, 2, 5], TorchFiles.Singles(set["permuted"]));
        }
    }

    [Theory]
    [InlineData("FloatStorage", "F32", 4)]
    [InlineData("HalfStorage", "F16", 2)]
    [InlineData("BFloat16Storage", "BF16", 2)]
    [InlineData("DoubleStorage", "F64", 8)]
    [InlineData("LongStorage", "I64", 8)]
    [InlineData("IntStorage", "I32", 4)]
    [InlineData("ShortStorage", "I16", 2)]
    [InlineData("CharStorage", "I8", 1)]
    [InlineData("ByteStorage", "U8", 1)]
    [InlineData("BoolStorage", "BOOL", 1)]
    public void Every_element_type_is_read_from_both_formats(string storage, string code, int size)
    {
        var bytes = Enumerable.Range(0, 2 * size).Select(i => (byte)(i % 2)).ToArray();
        var pickle = PickleBytes.Model(p => _ = p.Text("w").Tensor(storage, "k", 2, 0, [2], [1]));
        using var zip = TorchFiles.Read(TorchFiles.Zip(pickle, ("k", bytes)));
        using var stream = TorchFiles.Read(TorchFiles.Stream(pickle, ("k", 2, bytes)));
        Assert.Equal($"{code} [2]", zip["w"].Description);
        Assert.Equal(bytes, zip["w"].ToArray());
        Assert.Equal($"{code} [2]", stream["w"].Description);
        Assert.Equal(bytes, stream["w"].ToArray());
    }

    [Fact]
    public void Views_of_old_stream_files_start_where_they_say()
    {
        var pickle = PickleBytes.Model(p => _ = p.Text("w").Global("torch._utils", "_rebuild_tensor").Mark
            .Mark.Text("storage").Global("torch", "FloatStorage").Text("root").Text("cpu").Number(4)
                .Mark.Text("view").Number(2).Number(2).Tuple.Tuple.Persistent
            .Number(1).Numbers(1).Numbers(1).Tuple.Reduce);
        using var set = TorchFiles.Read(TorchFiles.Stream(pickle, ("root", 4, TorchFiles.Bytes(0, 1, 2, 3))));
        Assert.Equal([3f], TorchFiles.Singles(set["w"]));
    }

    [Fact]
    public void Parameters_and_newer_protocols_are_read()
    {
        var pickle = PickleBytes.Model(p => _ = p.Raw(0x95).Raw(new byte[8]).Raw(0x8c, 1, (byte)'w')
            .Raw(0x8c, 12).Raw("torch._utils"u8.ToArray()).Raw(0x8c, 18).Raw("_rebuild_parameter"u8.ToArray()).Raw(0x93).Raw(0x94)
            .Mark.Tensor("FloatStorage", "0", 1, 0, [1], [1]).True.OrderedDict.Tuple.Reduce);
        using var set = TorchFiles.Read(TorchFiles.Zip(pickle, ("0", TorchFiles.Bytes(8))));
        Assert.Equal([8f], TorchFiles.Singles(set["w"]));
    }

    [Property(MaxTest = 1000)]
    public void Damaged_files_are_read_or_refused_but_never_crash(int seed)
    {
        var random = new Random(seed);
        var pickle = TwoByThree("model");
        // Half of the damage goes into the pickle alone, so that the zip does not catch it first.
        var inner = random.Next(2) == 0 ? pickle : Damage.Apply(pickle, random);
        var file = random.Next(2) == 0 ? TorchFiles.Zip(inner, ("0", new byte[24])) : TorchFiles.Stream(inner, ("0", 6, new byte[24]));
        file = ReferenceEquals(inner, pickle) ? Damage.Apply(file, random) : file;
        try
        {
            using var set = TorchFiles.Read(file);
            Assert.All(set, tensor => Assert.Equal(tensor.ByteCount, tensor.ToArray().Length));
        }
        catch (WeightFileException)
        {
            // Refusing is the other allowed outcome.
        }
    }

    [Property(MaxTest = 1000)]
    public void Random_operations_are_refused_in_bounded_memory(int seed)
    {
        var random = new Random(seed);
        var operations = "(.0122NJKMGXUTCB]})ateusbqrhjRQc\x80\x81\x85\x86\x87\x88\x89\x8a\x8b\x8c\x8d\x8e\x8f\x90\x91\x92\x93\x94\x95\x96";
        var pickle = new PickleBytes();
        for (var i = random.Next(40); i > 0; i--)
        {
            pickle.Op(operations[random.Next(operations.Length)]).Raw(Enumerable.Range(0, random.Next(6)).Select(_ => (byte)random.Next(256)).ToArray());
        }

        var file = TorchFiles.Zip(pickle.Stop());
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<WeightFileException>(() => TorchFiles.Read(file));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 << 20);
    }

    [Fact]
    public void A_refused_file_is_closed()
    {
        foreach (var file in new[] { TorchFiles.Zip("no pickle"u8.ToArray()), "PK\x03\x04 no zip"u8.ToArray(), TorchFiles.Archive(CompressionLevel.Optimal, ("a", [])), "text"u8.ToArray() })
        {
            using var stream = new MemoryStream(file);
            Assert.Throws<WeightFileException>(() => TorchPickleReader.Read(stream, "w.pth"));
            Assert.False(stream.CanRead);
        }
    }

    private static byte[] TwoByThree(string key) => PickleBytes.Dictionary(p => _ = p
        .Text(key).OrderedDict.Mark.Text("w").Tensor("FloatStorage", "0", 6, 0, [2, 3], [3, 1]).SetItems.Text("epoch").Number(4));
}
