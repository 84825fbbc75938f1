using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Mofo.ML.Trainers.Weights;

namespace Mofo.ML.Trainers.Tests.Weights;

public class SafetensorsTests
{
    [Property]
    public void What_is_written_is_read_back(NonNull<string>[] names, byte seed, bool seekable)
    {
        var tensors = RandomTensors(names.Select(n => n.Get), new Random(seed));
        var metadata = new Dictionary<string, string> { ["format"] = "pt", ["é \" \\"] = "\n" };
        using var memory = new MemoryStream();
        Safetensors.Write(memory, tensors, metadata);
        memory.Position = 0;

        using var read = Safetensors.Read(seekable ? memory : new ForwardStream(memory), "file");

        Assert.Equal(metadata, read.Metadata);
        Assert.Equal(tensors.Count, read.Count);
        foreach (var tensor in tensors)
        {
            Assert.Equal(tensor.Description, read[tensor.Name].Description);
            Assert.Equal(tensor.ToArray(), read[tensor.Name].ToArray());
        }
    }

    [Fact]
    public void A_known_tensor_gives_known_bytes()
    {
        var tensor = WeightTensor.FromMemory("a", WeightType.Float16, [2], new byte[] { 0, 0x3c, 0, 0x40 });
        using var memory = new MemoryStream();
        Safetensors.Write(memory, [tensor]);

        var expected = "\x38\0\0\0\0\0\0\0" + """{"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}}""" + "  " + "\0\x3c\0\x40";
        Assert.Equal(expected, Encoding.Latin1.GetString(memory.ToArray()));
    }

    [Fact]
    public void Wider_elements_come_first_so_that_every_tensor_is_aligned()
    {
        using var memory = new MemoryStream();
        Safetensors.Write(memory, [Zeros("bytes", WeightType.UInt8, 3), Zeros("half", WeightType.BFloat16, 5), Zeros("double", WeightType.Float64, 1)]);
        memory.Position = 0;

        using var read = Safetensors.Read(memory, "file");
        Assert.Equal(["double", "half", "bytes"], read.Names);
    }

    [Fact]
    public void Reading_starts_at_the_position_of_the_stream()
    {
        using var memory = new MemoryStream();
        memory.Write("before"u8);
        Safetensors.Write(memory, [WeightTensor.FromMemory("a", WeightType.UInt8, [], new byte[] { 7 })]);
        memory.Position = 6;

        using var read = Safetensors.Read(memory, "file");
        Assert.Equal([7], read["a"].ToArray());
    }

    [Fact]
    public void A_forward_stream_gives_each_tensor_once_and_in_order_without_keeping_it()
    {
        using var memory = new MemoryStream();
        Safetensors.Write(memory, [WeightTensor.FromMemory("a", WeightType.UInt8, [1], new byte[] { 1 }), WeightTensor.FromMemory("b", WeightType.UInt8, [1], new byte[] { 2 })]);
        using var set = Safetensors.ReadForwards(new ForwardStream(new MemoryStream(memory.ToArray())), "w");

        Assert.Equal("Tensor 'b' of w is read out of order; this stream goes forwards only.", Assert.Throws<InvalidOperationException>(() => set["b"].ToArray()).Message);
        Assert.Equal([1], set["a"].ToArray());
        Assert.Equal([2], set["b"].ToArray());
        Assert.Throws<InvalidOperationException>(() => set["a"].ToArray());
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "Weight file 'w.safetensors', tensor 'a': found data_offsets [0, 4]; expected 8 bytes, as F32 [2] has.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 3, "Weight file 'w.safetensors': found 3 bytes of tensors; expected 4, as the header says.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 5, "Weight file 'w.safetensors': found 5 bytes of tensors; expected 4, as the header says.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}""", 6, "Weight file 'w.safetensors', tensor 'b': found data at offset 2; expected 4, where the tensor before it ends (no gap, no overlap).")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""", 12, "Weight file 'w.safetensors', tensor 'b': found data at offset 8; expected 4, where the tensor before it ends (no gap, no overlap).")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "Weight file 'w.safetensors', tensor 'a': found the name twice; expected unique names.")]
    [InlineData("""{"a":{"dtype":"F8_E4M3","shape":[1],"data_offsets":[0,1]}}""", 1, "Weight file 'w.safetensors', tensor 'a': found the dtype 'F8_E4M3'; expected one of F32, F16, BF16, F64, I64, I32, I16, I8, U8, BOOL.")]
    [InlineData("""{"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,1]}}""", 1, "Weight file 'w.safetensors', tensor 'a': found the shape [-1]; expected sizes of 0 and more, together at most 2147483591 bytes.")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,0]}}""", 0, "Weight file 'w.safetensors', tensor 'a': found the shape [4294967296, 4294967296]; expected sizes of 0 and more, together at most 2147483591 bytes.")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1]}}""", 1, "Weight file 'w.safetensors', tensor 'a': found an incomplete entry; expected dtype, shape and two data_offsets.")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"x":0}}""", 1, "Weight file 'w.safetensors', tensor 'a': found the key 'x'; expected dtype, shape and data_offsets, once each.")]
    public void A_header_that_lies_is_rejected_by_name(string json, int dataBytes, string message)
    {
        var e = Assert.Throws<WeightFileException>(() => Safetensors.Read(new MemoryStream(FileOf(json, dataBytes)), "w.safetensors"));
        Assert.Equal(message, e.Message);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}{}")]
    [InlineData("""{"a":1}""")]
    [InlineData("""{"a":{"dtype":1,"shape":[1],"data_offsets":[0,1]}}""")]
    [InlineData("""{"a":{"dtype":"U8","shape":[[1]],"data_offsets":[0,1]}}""")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1.5],"data_offsets":[0,1]}}""")]
    [InlineData("""{"a":{"dtype":"U8","shape":[99999999999999999999],"data_offsets":[0,1]}}""")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1],"data_offsets":[0,1]}}""")]
    [InlineData("""{"__metadata__":{"a":1}}""")]
    [InlineData("""{"\ud800":1}""")]
    [InlineData("""{"a":""")]
    public void A_header_that_is_not_the_formats_json_is_rejected(string json)
    {
        Assert.Throws<WeightFileException>(() => Safetensors.Read(new MemoryStream(FileOf(json, 1)), "w"));
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(1UL << 40)]
    [InlineData(17UL << 20)]
    [InlineData(1UL)]
    [InlineData(0UL)]
    public void A_header_length_out_of_bounds_costs_no_memory(ulong length)
    {
        var bytes = new byte[64];
        BitConverter.TryWriteBytes(bytes, length);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<WeightFileException>(() => Safetensors.Read(new ForwardStream(new MemoryStream(bytes)), "w"));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void A_stream_that_claims_two_gigabytes_and_ends_costs_little_memory()
    {
        var bytes = FileOf("""{"a":{"dtype":"U8","shape":[2000000000],"data_offsets":[0,2000000000]}}""", 10);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var e = Assert.Throws<WeightFileException>(() => Safetensors.Read(new ForwardStream(new MemoryStream(bytes)), "w"));
        Assert.Equal("a", e.Tensor);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    [Property(MaxTest = 1000)]
    public void Damaged_files_are_read_or_refused_but_never_crash(int seed)
    {
        var random = new Random(seed);
        var bytes = Damage.Apply(GoodFile, random);
        try
        {
            using var set = Safetensors.Read(random.Next(2) == 0 ? new MemoryStream(bytes) : new ForwardStream(new MemoryStream(bytes)), "w");
            Assert.All(set, tensor => Assert.Equal(tensor.ByteCount, tensor.ToArray().Length));
        }
        catch (WeightFileException)
        {
            // Refusing is the other allowed outcome.
        }
    }

    [Fact]
    public void A_tensor_that_is_not_there_is_named()
    {
        using var set = Safetensors.Read(new MemoryStream(GoodFile), "w.safetensors");
        Assert.Equal("Weight file 'w.safetensors', tensor 'nothing': found no such tensor; expected one of the 3 that are there.", Assert.Throws<WeightFileException>(() => set["nothing"]).Message);
    }

    [Fact]
    public void A_file_is_closed_when_it_is_refused_and_when_its_set_is_disposed()
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.safetensors");
        try
        {
            Safetensors.Save(path, RandomTensors(["a"], new Random(1)));
            Safetensors.Open(path).Dispose();
            using (new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
            {
            }

            using (var stream = new FileStream(path, FileMode.Open))
            {
                stream.SetLength(stream.Length - 1);
            }

            Assert.Throws<WeightFileException>(() => Safetensors.Open(path));
            using (new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
            {
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static byte[] GoodFile
    {
        get
        {
            using var memory = new MemoryStream();
            Safetensors.Write(memory, RandomTensors(["first", "second", "third"], new Random(3)), new Dictionary<string, string> { ["a"] = "b" });
            return memory.ToArray();
        }
    }

    private static byte[] FileOf(string json, int dataBytes)
    {
        var header = Encoding.UTF8.GetBytes(json);
        return [.. BitConverter.GetBytes((long)header.Length), .. header, .. new byte[dataBytes]];
    }

    private static WeightTensor Zeros(string name, WeightType type, int count) => WeightTensor.FromMemory(name, type, [count], new byte[count * type.Size()]);

    private static List<WeightTensor> RandomTensors(IEnumerable<string> names, Random random)
    {
        var types = Enum.GetValues<WeightType>();
        // JSON has no lone surrogates, and one name is the format's own.
        return names.Where(n => n.EnumerateRunes().All(r => r != Rune.ReplacementChar) && n != "__metadata__").Distinct().Select(name =>
        {
            var type = types[random.Next(types.Length)];
            var shape = Enumerable.Range(0, random.Next(4)).Select(_ => (long)random.Next(5)).ToArray();
            var bytes = new byte[shape.Aggregate(1L, (a, b) => a * b) * type.Size()];
            random.NextBytes(bytes);
            return WeightTensor.FromMemory(name, type, shape, bytes);
        }).ToList();
    }
}
