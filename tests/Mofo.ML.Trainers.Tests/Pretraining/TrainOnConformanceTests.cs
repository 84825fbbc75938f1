using System.Buffers.Binary;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Mofo.ML.Tests.Shared;
using Mofo.ML.Trainers.Tests.Model;
using Mofo.ML.Trainers.Weights;

namespace Mofo.ML.Trainers.Tests.Pretraining;

/// <summary>The way of a researcher: take a checkpoint of the original, train on, go back to Python with the result.</summary>
public sealed class TrainOnConformanceTests : IDisposable
{
    private const double Rate = 1e-3;
    private readonly string _folder = Directory.CreateTempSubdirectory("mofo-train-on-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("pretrain_checkpoint-4.pth")]
    [InlineData("pretrain_checkpoint-4_legacy.pth")]
    public void A_checkpoint_trained_for_one_step_comes_out_under_the_originals_names(string checkpoint)
    {
        using var input = GoldenPack.Npz("pretrain/input.npz");
        using var before = GoldenPack.Npz("checkpoints/pretrain_checkpoint-4_model.npz");
        var ml = new MLContext(seed: 1);
        var clips = ml.Data.LoadFromEnumerable(GoldenClips.Write(input["clip_uint8"], _folder).Select(path => new Row { VideoPath = path }));
        var batch = clips.Preview(1000).RowView.Length;
        var options = new MofoPretrainingOptions
        {
            Model = GoldenModels.PretrainingConfig(),
            InitialWeights = GoldenPack.PathOf("checkpoints/" + checkpoint),
            MotionMaskRatio = null,
            Epochs = 1,
            BatchSize = batch,
            BaseLearningRate = Rate * 256 / batch,
            WarmupEpochs = 0,
            WeightDecay = 0,
            Precision = Precision.Float32,
        };
        using var model = ml.Transforms.PretrainMofo(options).Fit(clips);
        var (zip, exported) = (Path.Combine(_folder, "model.zip"), Path.Combine(_folder, "model.safetensors"));
        ml.Model.Save(model, clips.Schema, zip);
        MofoWeights.Convert(zip, exported);

        // As Python's reader sees it: a length, a JSON header, the bytes.
        var bytes = File.ReadAllBytes(exported);
        var header = JsonNode.Parse(bytes.AsSpan(8, (int)BinaryPrimitives.ReadInt64LittleEndian(bytes)))!.AsObject();
        _ = header.Remove("__metadata__");
        Assert.Equal(before.Names.Order(StringComparer.Ordinal), header.Select(p => p.Key).Order(StringComparer.Ordinal));
        Assert.All(header, tensor =>
        {
            Assert.Equal("F32", (string)tensor.Value!["dtype"]!);
            Assert.Equal(before[tensor.Key].Shape, tensor.Value["shape"]!.AsArray().Select(size => (long)size!));
        });

        // The first step of Adam moves every weight by the rate, whatever its gradient, and those without gradient not at all.
        using var after = Safetensors.Open(exported);
        foreach (var name in before.Names)
        {
            var moved = Values(before[name].Bytes).Zip(Values(after[name].ToArray()), (old, now) => Math.Abs(old - now)).ToArray();
            Assert.All(moved, distance => Assert.InRange(distance, 0, 1.01 * Rate));
            Assert.Contains(moved, distance => distance > 0.5 * Rate);
        }
    }

    private static float[] Values(byte[] bytes) => System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(bytes).ToArray();

    private sealed class Row
    {
        public string VideoPath { get; set; } = "";

        public float[] MotionBoxes { get; set; } = [0, 0, 8, 8];
    }
}
