using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.OnnxExport;
using Mofo.ML.Trainers.OnnxExport.Schema;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.OnnxScoring;
using Mofo.ML.Transforms.Scoring;
using TorchSharp;

namespace Mofo.ML.Trainers.Tests.OnnxExport;

/// <summary>An ONNX file in a folder of its own, run by ONNX Runtime.</summary>
internal sealed class ExportedModel : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mofo-onnx-");

    public string Path => System.IO.Path.Combine(_folder.FullName, "model.onnx");

    public static ExportedModel Of(VideoClassifier model, VitConfig config, ClassifierShape shape, MofoOnnxExportOptions? options = null)
    {
        var exported = new ExportedModel();
        var names = new ClassNames("String", [.. Enumerable.Range(0, shape.Classes).Select(i => $"class {i}")]);
        OnnxExporter.Save(exported.Path, model, config, shape, Views(config), names, options);
        return exported;
    }

    public static ExportedModel Of(VideoEncoder model, VitConfig config)
    {
        var exported = new ExportedModel();
        OnnxExporter.Save(exported.Path, model, config, Views(config), null);
        return exported;
    }

    public ModelProto Read() => ModelProto.Parser.ParseFrom(File.ReadAllBytes(Path));

    /// <summary>Makes a value inside the graph an output, to look at it.</summary>
    public void Show(string value, TensorProto.Types.DataType type)
    {
        var model = Read();
        model.Graph.Output.Add(new ValueInfoProto { Name = value, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type } } });
        File.WriteAllBytes(Path, model.ToByteArray());
    }

    public float[] Run(string output, torch.Tensor pixels, float[]? boxes = null) => Run<float>(output, pixels, boxes);

    public T[] Run<T>(string output, torch.Tensor pixels, float[]? boxes = null)
        where T : unmanaged
    {
        using var session = new InferenceSession(Path);
        using var clips = OrtValue.CreateTensorValueFromMemory(pixels.contiguous().data<float>().ToArray(), pixels.shape);
        var batch = pixels.shape[0];
        using var frames = OrtValue.CreateTensorValueFromMemory(boxes ?? [], boxes is null ? [0] : [batch, boxes.Length / batch / 4, 4]);
        using var run = new RunOptions();
        string[] names = boxes is null ? [OnnxColumns.Clips] : [OnnxColumns.Clips, OnnxColumns.Boxes];
        OrtValue[] values = boxes is null ? [clips] : [clips, frames];
        using var outputs = session.Run(run, names, values, [output]);
        return outputs[0].GetTensorDataAsSpan<T>().ToArray();
    }

    /// <summary>Boxes as the graph takes them: one per frame, zeros for none.</summary>
    public static float[] Flat(VitConfig config, IReadOnlyList<IReadOnlyList<MotionBox>> clips) =>
    [
        .. clips.SelectMany(boxes => Enumerable.Range(0, config.Frames).SelectMany(frame =>
        {
            var box = boxes.Count == 0 ? default : boxes[boxes.Count == 1 ? 0 : frame];
            return new[] { box.X1, box.Y1, box.X2, box.Y2 };
        })),
    ];

    public void Dispose() => _folder.Delete(recursive: true);

    private static ScoringViews Views(VitConfig config) => new(config.Frames, config.ImageSize, ClipSampling.Dense, 4, 2, 3);
}
