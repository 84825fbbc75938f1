using FsCheck;
using FsCheck.Xunit;
using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Model.Fusion;
using Mofo.ML.Trainers.OnnxExport;
using Mofo.ML.Trainers.OnnxExport.Products;
using Mofo.ML.Trainers.OnnxExport.Schema;
using Mofo.ML.Trainers.Tests.Model;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.OnnxScoring;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Tests.OnnxExport;

/// <summary>Exported classifiers against TorchSharp's on boxes of every kind, and the variants of the file.</summary>
public sealed class OnnxExporterTests : IDisposable
{
    private const int Classes = 3;

    private static readonly VitConfig Config = TinyModels.Config;
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Tensor _pixels = TinyModels.Pixels(4);
    private readonly Tensor _inside = TokenRegions.Inside(Config, TinyModels.Boxes(), CPU);
    private readonly float[] _boxes = ExportedModel.Flat(Config, TinyModels.Boxes());

    public static TheoryData<MotionFusion> Fusions => [.. Enum.GetValues<MotionFusion>()];

    public void Dispose() => _scope.Dispose();

    [Theory]
    [MemberData(nameof(Fusions))]
    public void Scores_are_those_of_TorchSharp_for_moving_missing_full_and_tiny_boxes(MotionFusion fusion)
    {
        var model = TinyModels.Classifier(fusion);
        using var exported = Export(model, fusion);
        var scores = exported.Run(OnnxColumns.Scores, _pixels, _boxes);
        Assert.InRange(GoldenModels.LargestGap(Expected(model), scores), 0, 1e-5);
    }

    [Theory]
    [MemberData(nameof(Fusions))]
    public void The_batch_axis_is_free_and_clips_do_not_depend_on_their_company(MotionFusion fusion)
    {
        var model = TinyModels.Classifier(fusion);
        using var exported = Export(model, fusion);
        var together = exported.Run(OnnxColumns.Scores, _pixels, _boxes);
        var perClip = _boxes.Length / 4;
        var alone = Enumerable.Range(0, 4)
            .SelectMany(i => exported.Run(OnnxColumns.Scores, _pixels.narrow(0, i, 1), _boxes.AsSpan(i * perClip, perClip).ToArray()));
        Assert.InRange(GoldenModels.LargestGap(together, [.. alone]), 0, 1e-6);
    }

    [Fact]
    public void Tokens_of_every_block_are_those_of_TorchSharp()
    {
        var model = TinyModels.Classifier(MotionFusion.WeightedMean);
        using var exported = Export(model, MotionFusion.WeightedMean);
        var last = $"blocks.{Config.Depth - 1}";
        exported.Show(last, TensorProto.Types.DataType.Float);
        using var frozen = no_grad();
        Assert.InRange(GoldenModels.LargestGap(GoldenModels.Values(model.Tokens(_pixels.Seen())), exported.Run(last, _pixels, _boxes)), 0, 1e-5);
    }

    [Fact]
    public void Tokens_inside_are_exactly_those_of_TorchSharp_wherever_the_box_lies()
    {
        using var exported = Export(TinyModels.Classifier(MotionFusion.WeightedMean), MotionFusion.WeightedMean);
        exported.Show("inside", TensorProto.Types.DataType.Bool);
        var random = new Random(7);
        var clips = Enumerable.Range(0, 200)
            .Select(_ => (IReadOnlyList<MotionBox>)[.. Enumerable.Range(0, Config.Frames).Select(_ => random.Next(3) == 0 ? default : new MotionBox(At(), At(), At(), At()))])
            .ToList();
        using var expected = TokenRegions.Inside(Config, clips, CPU);
        var pixels = zeros([clips.Count, 3, Config.Frames, Config.ImageSize, Config.ImageSize]);
        var inside = exported.Run<bool>("inside", pixels, ExportedModel.Flat(Config, clips));
        Assert.Equal(expected.data<bool>().ToArray(), inside);
        Assert.Contains(true, inside);
        Assert.Contains(false, inside);

        // Outside the frame, on patch borders and between them.
        float At() => random.Next(2) == 0 ? random.Next(-2, 5) * 16 : (random.NextSingle() * 48) - 8;
    }

    [Theory]
    [MemberData(nameof(Fusions))]
    public void Int8_quarters_the_matrices_and_is_near(MotionFusion fusion)
    {
        var model = TinyModels.Classifier(fusion);
        using var whole = Export(model, fusion);
        using var small = Export(model, fusion, new MofoOnnxExportOptions { Precision = MofoOnnxPrecision.Int8 });
        var file = small.Read();
        var linear = whole.Read().Graph.Node.Count(n => n.OpType == "MatMul") - file.Graph.Node.Count(n => n.OpType == "MatMul");
        Assert.True(linear >= 4 * Config.Depth);
        Assert.Equal(linear, file.Graph.Node.Count(n => n.OpType == "MatMulInteger"));
        var matrices = file.Graph.Initializer.Where(t => t.DataType == (int)TensorProto.Types.DataType.Int8).ToList();
        Assert.All(matrices, t => Assert.Equal(t.Dims.Aggregate(1L, (a, b) => a * b), t.RawData.Length));
        Assert.InRange(GoldenModels.LargestGap(Expected(model), small.Run(OnnxColumns.Scores, _pixels, _boxes)), 1e-7, 0.05);
    }

    [Property]
    public void Quantised_weights_are_within_half_a_step(NonEmptyArray<NormalFloat> values, PositiveInt columns)
    {
        var inputs = Math.Min(columns.Get, values.Get.Length);
        float[] matrix = [.. values.Get.Take(values.Get.Length / inputs * inputs).Select(v => (float)Math.Clamp(v.Get, -1e30, 1e30))];
        var (whole, scales) = (Int8Products.Quantize(matrix, inputs), Int8Products.Scales(matrix, inputs));
        for (var i = 0; i < matrix.Length; i++)
        {
            Assert.InRange(Math.Abs((whole[i] * scales[i / inputs]) - matrix[i]), 0, 0.51f * scales[i / inputs]);
            Assert.InRange((int)whole[i], -127, 127);
        }
    }

    [Theory]
    [MemberData(nameof(Fusions))]
    public void Float16_halves_the_matrices_and_is_close(MotionFusion fusion)
    {
        var model = TinyModels.Classifier(fusion);
        using var whole = Export(model, fusion);
        using var half = Export(model, fusion, new MofoOnnxExportOptions { Precision = MofoOnnxPrecision.Float16 });
        var gap = GoldenModels.LargestGap(Expected(model), half.Run(OnnxColumns.Scores, _pixels, _boxes));
        TestContext.Current.SendDiagnosticMessage("{0} float16: {1:E2}", fusion, gap);
        Assert.InRange(gap, 1e-9, 5e-3);
        Assert.Equal(MatrixBytes(whole) / 2, MatrixBytes(half));
    }

    [Fact]
    public void Weights_above_the_limit_lie_in_a_second_file_and_score_the_same()
    {
        var model = TinyModels.Classifier(MotionFusion.MultiHeadCrossAttention);
        using var exported = Export(model, MotionFusion.MultiHeadCrossAttention, new MofoOnnxExportOptions { SingleFileLimit = 10_000 });
        Assert.True(new FileInfo(exported.Path + ".data").Length > new FileInfo(exported.Path).Length);
        Assert.Contains(exported.Read().Graph.Initializer, tensor => tensor.DataLocation == TensorProto.Types.DataLocation.External);
        Assert.InRange(GoldenModels.LargestGap(Expected(model), exported.Run(OnnxColumns.Scores, _pixels, _boxes)), 0, 1e-5);

        // A later, smaller model of the same name leaves no old weights behind.
        OnnxFile.Write(exported.Path, new OnnxGraph("empty"), [], 10_000);
        Assert.False(File.Exists(exported.Path + ".data"));
    }

    [Fact]
    public void Through_a_link_the_second_file_lies_beside_the_model_itself()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows lets few users make links.");
        var model = TinyModels.Classifier(MotionFusion.None);
        using var exported = Export(model, MotionFusion.None);
        var links = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(exported.Path)!, "links")).FullName;
        var link = File.CreateSymbolicLink(Path.Combine(links, "current.onnx"), exported.Path).FullName;
        OnnxExporter.Save(
            link, model, Config, new ClassifierShape(Classes, MotionFusion.None), new(8, 32, ClipSampling.Uniform, 2, 1, 1), new("String", ["a", "b", "c"]), new MofoOnnxExportOptions { SingleFileLimit = 10_000 });
        Assert.Equal([link], Directory.GetFiles(links));
        Assert.True(File.Exists(exported.Path + ".data"));
        Assert.InRange(GoldenModels.LargestGap(Expected(model), exported.Run(OnnxColumns.Scores, _pixels, _boxes)), 0, 1e-5);
    }

    [Fact]
    public void Weights_that_are_not_finite_are_refused_and_no_file_is_left()
    {
        var model = TinyModels.Classifier(MotionFusion.None);
        using (no_grad())
        {
            _ = model.named_parameters().First(p => p.name == "blocks.0.mlp.fc1.weight").parameter.fill_(float.NaN);
        }

        using var exported = Export(TinyModels.Classifier(MotionFusion.None), MotionFusion.None);
        File.Delete(exported.Path);
        var error = Assert.Throws<InvalidOperationException>(() => OnnxExporter.Save(
            exported.Path, model, Config, new ClassifierShape(Classes, MotionFusion.None), new(8, 32, ClipSampling.Uniform, 2, 1, 1), new("String", ["a", "b", "c"]), null));
        Assert.Contains("blocks.0.mlp.fc1.weight", error.Message);
        Assert.False(File.Exists(exported.Path));
    }

    private static ExportedModel Export(VideoClassifier model, MotionFusion fusion, MofoOnnxExportOptions? options = null) =>
        ExportedModel.Of(model, Config, new ClassifierShape(Classes, fusion), options);

    /// <summary>Size of the blocks' matrices; the embedding and the head stay in float32.</summary>
    private static int MatrixBytes(ExportedModel model)
    {
        var matrices = model.Read().Graph.Initializer.Where(tensor => tensor.Name.StartsWith("blocks.", StringComparison.Ordinal) && tensor.Dims.Count == 2).ToList();
        Assert.Equal(4 * Config.Depth, matrices.Count);
        return matrices.Sum(tensor => tensor.RawData.Length);
    }

    private float[] Expected(VideoClassifier model)
    {
        using var frozen = no_grad();
        return GoldenModels.Values(model.call(_pixels.Seen(), _inside).softmax(-1));
    }
}
