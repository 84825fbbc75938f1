using System.IO.Compression;
using Mofo.ML.Trainers.Tests.Weights.Pickling;

namespace Mofo.ML.Trainers.Tests.Weights;

public class HostilePickleTests
{
    private const string OnlyKnownNames = "expected only names of tensors, containers and run settings; nothing else is ever loaded from a pickle, because Python would execute it. "
        + "If you trust the file, save its state_dict alone with torch.save and load that.";

    [Theory]
    [InlineData("os", "system")]
    [InlineData("posix", "system")]
    [InlineData("nt", "system")]
    [InlineData("builtins", "eval")]
    [InlineData("builtins", "exec")]
    [InlineData("builtins", "getattr")]
    [InlineData("builtins", "__import__")]
    [InlineData("__builtin__", "eval")]
    [InlineData("subprocess", "Popen")]
    [InlineData("runpy", "_run_code")]
    [InlineData("torch.hub", "load")]
    [InlineData("torch", "load")]
    [InlineData("torch.serialization", "load")]
    [InlineData("numpy", "load")]
    [InlineData("pickle", "loads")]
    [InlineData("collections", "OrderedDict.__reduce__")]
    public void Code_to_execute_is_refused_by_name(string module, string name)
    {
        var expected = $"Weight file 'w.pth': found a pickle with the name '{module}.{name}'; {OnlyKnownNames}";
        var call = new PickleBytes().Global(module, name).Mark.Text("echo hacked").Tuple.Reduce.Stop();
        Assert.Equal(expected, TorchFiles.Refusal(TorchFiles.Zip(call)));
        Assert.Equal(expected, TorchFiles.Refusal(TorchFiles.Stream(call)));

        var named = new PickleBytes().Text(module).Text(name).Raw(0x93).Mark.Text("echo hacked").Tuple.Reduce.Stop();
        Assert.Equal(expected, TorchFiles.Refusal(TorchFiles.Zip(named)));

        var hidden = PickleBytes.Dictionary(p => _ = p.Text("model").OrderedDict.Text("args").Global(module, name).EmptyTuple.NewObject);
        Assert.Equal(expected, TorchFiles.Refusal(TorchFiles.Zip(hidden)));
    }

    [Theory]
    [InlineData("i", "operation 0x69")] // INST: class and arguments in one
    [InlineData("o", "operation 0x6f")] // OBJ
    [InlineData("\x82\x01", "operation 0x82")] // EXT1: a class by number
    [InlineData("P", "operation 0x50")] // PERSID by text
    [InlineData("\x97", "operation 0x97")] // NEXT_BUFFER
    public void Operations_that_torch_never_writes_are_refused(string bytes, string message)
    {
        var pickle = new PickleBytes().Mark.Raw([.. bytes.Select(c => (byte)c)]).Stop();
        Assert.Contains(message, TorchFiles.Refusal(TorchFiles.Zip(pickle)));
    }

    [Fact]
    public void Nesting_a_million_deep_does_no_harm()
    {
        var pickle = new PickleBytes();
        for (var i = 0; i < 1_000_000; i++)
        {
            pickle.Raw((byte)']');
        }

        for (var i = 1; i < 1_000_000; i++)
        {
            pickle.Raw((byte)'a');
        }

        Assert.Contains("an object that is no dictionary", TorchFiles.Refusal(TorchFiles.Zip(pickle.Stop())));
    }

    [Fact]
    public void An_object_that_contains_itself_does_no_harm()
    {
        var pickle = new PickleBytes().EmptyDict.Put(0).Mark.Text("model").Get(0).Get(0).Get(0).SetItems.Stop();
        Assert.Contains("no tensors", TorchFiles.Refusal(TorchFiles.Zip(pickle)));
    }

    [Fact]
    public void A_billion_laughs_stay_one()
    {
        var pickle = new PickleBytes().EmptyList.Put(0);
        for (var level = 1; level < 60; level++)
        {
            // Each list holds the one before ten times: 10^60 leaves if anyone unfolded them.
            _ = pickle.EmptyList.Mark;
            for (var i = 0; i < 10; i++)
            {
                pickle.Get(level - 1);
            }

            _ = pickle.Appends.Put(level);
        }

        AssertCheap(TorchFiles.Zip(pickle.Stop()), "an object that is no dictionary");
    }

    [Fact]
    public void Huge_claimed_lengths_cost_nothing()
    {
        AssertCheap(TorchFiles.Zip(new PickleBytes().Raw((byte)'X', 0xff, 0xff, 0xff, 0xff).Stop()), "goes on for 4294967295 bytes");
        AssertCheap(TorchFiles.Zip(new PickleBytes().Raw((byte)'X', 0, 0, 0, 3).Stop()), "an end of file inside the pickle");
        AssertCheap(TorchFiles.Zip(new PickleBytes().Raw(0x8e).Raw(BitConverter.GetBytes(long.MaxValue)).Stop()), "goes on for 9223372036854775807 bytes");
        AssertCheap(TorchFiles.Zip(new PickleBytes().Raw(0x8b, 0xff, 0xff, 0xff, 0xff).Stop()), "goes on for -1 bytes");
        AssertCheap(TorchFiles.Stream(new PickleBytes().Raw(0x8d).Raw(BitConverter.GetBytes(60L << 20)).Stop()), "an end of file inside the pickle");
        AssertCheap(TorchFiles.Zip(new PickleBytes().Op('c').Raw(new byte[100_000]).Stop()), "an endless name");
    }

    [Theory]
    [InlineData("h\x05", "a reference to object 5, which is not there")]
    [InlineData("j\xff\xff\xff\xff", "a reference to object 4294967295, which is not there")]
    [InlineData("q\x01", "an operation without its values")]
    [InlineData("0", "an operation without its values")]
    [InlineData("(0", "an operation without its values")]
    [InlineData("N(a", "an operation without its values")]
    [InlineData("t", "an end without a beginning")]
    [InlineData("N(Ne", "1 items added to something that is no container")]
    [InlineData("}(Nu", "a key without a value")]
    [InlineData("NN\x86R", "an operation without its values")]
    [InlineData("N)R", "a call of something that is no name")]
    [InlineData("NQ", "a reference that is no storage")]
    [InlineData("\x80\x09", "protocol 9")]
    [InlineData("N}b", "attributes set on plain data")]
    [InlineData("NN\x93", "a name that is no text")]
    [InlineData("ctorch._utils\n_rebuild_tensor_v2\n)R", "arguments that 'torch._utils._rebuild_tensor_v2' does not take")]
    [InlineData("", "an operation without its values")]
    public void Abused_stacks_and_memos_are_refused(string operations, string message)
    {
        var pickle = new PickleBytes().Raw([.. operations.Select(c => (byte)c)]).Stop();
        Assert.Contains(message, TorchFiles.Refusal(TorchFiles.Zip(pickle)));
    }

    [Theory]
    [InlineData(4, 1, new long[] { 4 }, new long[] { 1 }, "[4] with strides [1] at offset 1 of 4 elements")]
    [InlineData(4, 0, new long[] { 4 }, new long[] { 2 }, "[4] with strides [2] at offset 0 of 4 elements")]
    [InlineData(4, 0, new long[] { 500_000_000 }, new long[] { 0 }, "[500000000] with strides [0]")]
    [InlineData(4, -1, new long[] { 1 }, new long[] { 1 }, "at offset -1 of 4 elements")]
    [InlineData(4, 0, new long[] { -4 }, new long[] { 1 }, "[-4] with strides [1]")]
    [InlineData(4, 0, new long[] { 2, 2 }, new long[] { -1, 1 }, "with strides [-1, 1]")]
    [InlineData(4, 0, new long[] { 2 }, new long[] { long.MaxValue }, "with strides [9223372036854775807]")]
    [InlineData(4, 0, new long[] { 4 }, new long[] { }, "[4] with strides []")]
    [InlineData(4, long.MaxValue, new long[] { 1 }, new long[] { 1 }, "at offset 9223372036854775807")]
    [InlineData(4, 0, new long[] { 1L << 40, 1L << 40 }, new long[] { 1, 1 }, "[1099511627776, 1099511627776]")]
    [InlineData(5, 0, new long[] { 1 }, new long[] { 1 }, "a storage of 16 bytes; expected 20")]
    [InlineData(-4, 0, new long[] { 1 }, new long[] { 1 }, "a storage of -4 elements")]
    [InlineData(long.MaxValue, 0, new long[] { 1 }, new long[] { 1 }, "a storage of 9223372036854775807 elements")]
    public void Tensors_outside_their_storage_are_refused_by_name(long count, long offset, long[] shape, long[] strides, string message)
    {
        var pickle = PickleBytes.Model(p => _ = p.Text("w").Tensor("FloatStorage", "0", count, offset, shape, strides));
        var refusal = TorchFiles.Refusal(TorchFiles.Zip(pickle, ("0", new byte[16])));
        Assert.Contains("tensor 'w'", refusal);
        Assert.Contains(message, refusal);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("../version")]
    [InlineData("../../../etc/passwd")]
    [InlineData("/etc/passwd")]
    public void Storages_are_looked_up_in_the_file_only(string key)
    {
        var pickle = PickleBytes.Model(p => _ = p.Text("w").Tensor("ByteStorage", key, 2, 0, [2], [1]));
        Assert.Contains($"no storage 'archive/data/{key}'", TorchFiles.Refusal(TorchFiles.Zip(pickle, ("0", new byte[2]))));
    }

    [Theory]
    [InlineData("../archive/data.pkl")]
    [InlineData("/archive/data.pkl")]
    [InlineData("archive\\data.pkl")]
    [InlineData("C:/data.pkl")]
    [InlineData("archive/../data.pkl")]
    public void Zip_entries_with_path_tricks_are_refused(string name)
    {
        var file = TorchFiles.Archive(CompressionLevel.Optimal, (name, PickleBytes.Model(_ => { })));
        Assert.Contains($"the zip entry '{name}'", TorchFiles.Refusal(file));
    }

    [Fact]
    public void Zip_entries_that_occur_twice_or_not_at_all_are_refused()
    {
        var pickle = PickleBytes.Model(_ => { });
        Assert.Contains("the zip entry 'a/data.pkl'", TorchFiles.Refusal(TorchFiles.Archive(CompressionLevel.Optimal, ("a/data.pkl", pickle), ("a/data.pkl", pickle))));
        Assert.Contains("2 entries FOLDER/data.pkl", TorchFiles.Refusal(TorchFiles.Archive(CompressionLevel.Optimal, ("a/data.pkl", pickle), ("b/data.pkl", pickle))));
        Assert.Contains("0 entries FOLDER/data.pkl", TorchFiles.Refusal(TorchFiles.Archive(CompressionLevel.Optimal, ("data.pkl", pickle))));
    }

    [Fact]
    public void A_zip_bomb_is_refused_before_it_unfolds()
    {
        var pickle = PickleBytes.Model(p => _ = p.Text("w").Tensor("ByteStorage", "0", 70 << 20, 0, [70 << 20], [1]));
        var file = TorchFiles.Zip("archive", CompressionLevel.Fastest, pickle, ("0", new byte[70 << 20]));
        Assert.InRange(file.Length, 0, 1 << 20);
        AssertCheap(file, "bytes packed into");
    }

    [Fact]
    public void A_pickle_that_unfolds_without_end_is_refused()
    {
        var file = TorchFiles.Zip("archive", CompressionLevel.SmallestSize, [0x80, 2, .. Enumerable.Repeat((byte)'N', 5_000_000), (byte)'.']);
        Assert.Contains("more than 4000000 operations", TorchFiles.Refusal(file));
    }

    [Theory]
    [InlineData("big")]
    [InlineData("little and more text than belongs here")]
    public void Another_byte_order_is_refused(string order)
    {
        var file = TorchFiles.Archive(CompressionLevel.Optimal, ("a/data.pkl", PickleBytes.Model(_ => { })), ("a/byteorder", System.Text.Encoding.ASCII.GetBytes(order)));
        Assert.Contains("the byte order 'big"[..16], TorchFiles.Refusal(file));
    }

    [Fact]
    public void Stream_files_that_lie_about_their_storages_are_refused()
    {
        var pickle = PickleBytes.Model(p => _ = p.Text("w").Tensor("FloatStorage", "k", 2, 0, [2], [1]));
        Assert.Contains("no storage 'k'", TorchFiles.Refusal(TorchFiles.Stream(pickle)));
        Assert.Contains("the storage key 'other'", TorchFiles.Refusal(TorchFiles.Stream(pickle, ("other", 2, new byte[8]))));
        Assert.Contains("the storage key 'k'", TorchFiles.Refusal(TorchFiles.Stream(pickle, ("k", 2, new byte[8]), ("k", 2, new byte[8]))));
        Assert.Contains("a storage of 1 elements; expected 2", TorchFiles.Refusal(TorchFiles.Stream(pickle, ("k", 1, new byte[4]))));
        Assert.Contains("7 bytes left for the storage 'k'; expected 2 elements of 4 bytes", TorchFiles.Refusal(TorchFiles.Stream(pickle, ("k", 2, new byte[7]))));
        Assert.Contains("8 bytes left", TorchFiles.Refusal(TorchFiles.Stream(pickle, ("k", long.MaxValue, new byte[8]))));
        Assert.Contains("8 bytes left", TorchFiles.Refusal(TorchFiles.Stream(pickle, ("k", -2, new byte[8]))));
        Assert.Contains("an end of file before the storage 'k'", TorchFiles.Refusal(TorchFiles.Stream(pickle, ("k", 2, new byte[8]))[..^12]));
    }

    [Fact]
    public void One_storage_with_two_types_is_refused()
    {
        var pickle = PickleBytes.Model(p => _ = p
            .Text("a").Tensor("ByteStorage", "k", 2, 0, [2], [1]).Text("b").Tensor("DoubleStorage", "k", 2, 0, [2], [1]));
        Assert.Contains("the storage 'k' with two types or sizes", TorchFiles.Refusal(TorchFiles.Stream(pickle, ("k", 2, new byte[2]))));
    }

    [Fact]
    public void A_whole_pickled_module_is_refused_with_advice()
    {
        var pickle = PickleBytes.Dictionary(p => _ = p.Text("model").Mark.Text("module").Global("torch", "Size").Text("source.py").Text("code").Tuple.Persistent);
        Assert.Contains("a file that holds a whole pickled model cannot be read", TorchFiles.Refusal(TorchFiles.Zip(pickle)));
    }

    private static void AssertCheap(byte[] file, string message)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains(message, TorchFiles.Refusal(file));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }
}
