using System.Text.Json.Nodes;
using Microsoft.ML;
using Mofo.ML.Trainers;

namespace Mofo.ML.EndToEnd.Tests.Pipelines;

/// <summary>The files and rows that the tests use.</summary>
public sealed partial class ApplyMofoModelTests
{
    /// <summary>The trained classifier as a bare file: it tells its size, as this library wrote it.</summary>
    private string ClassifierFile()
    {
        var path = pipeline.Scratch("classifier.safetensors");
        if (!File.Exists(path))
        {
            var zip = pipeline.Scratch("classifier alone.zip");
            _ml.Model.Save(pipeline.Classifier, Boxes().Schema, zip);
            _ = MofoWeights.Convert(zip, path);
        }

        return path;
    }

    /// <summary>A stage of the trained pipeline as a HuggingFace folder.</summary>
    private string Folder(string name, ITransformer stage, bool meanPooling)
    {
        var folder = Directory.CreateDirectory(pipeline.Scratch(name)).FullName;
        var zip = pipeline.Scratch(name + ".zip");
        _ml.Model.Save(stage, Boxes().Schema, zip);
        _ = MofoWeights.ConvertToHuggingFace(zip, Path.Combine(folder, "model.safetensors"));
        var size = TrainedPipeline.TinyModel;
        var config = new JsonObject
        {
            ["model_type"] = "videomae",
            ["hidden_size"] = size.EmbedDim,
            ["num_attention_heads"] = size.Heads,
            ["num_hidden_layers"] = size.Depth,
            ["intermediate_size"] = 4 * size.EmbedDim,
            ["image_size"] = size.ImageSize,
            ["patch_size"] = size.PatchSize,
            ["num_frames"] = size.Frames,
            ["tubelet_size"] = size.TubeletSize,
            ["layer_norm_eps"] = 1e-6,
            ["use_mean_pooling"] = meanPooling,
        };
        if (meanPooling)
        {
            config["id2label"] = new JsonObject(Enumerable.Range(0, 9).Select(i => KeyValuePair.Create($"{i}", (JsonNode?)$"class {i}")));
        }

        File.WriteAllText(Path.Combine(folder, "config.json"), config.ToJsonString());
        return folder;
    }

    private sealed class PathAlone
    {
        public string VideoPath { get; set; } = "";
    }

    private sealed class PathAndBoxes
    {
        public string VideoPath { get; set; } = "";

        public float[] MotionBoxes { get; set; } = [];
    }

    private sealed class Scores
    {
        public float[] Score { get; set; } = [];
    }

    private sealed class Named
    {
        public float[] Features { get; set; } = [];

        public float[] Score { get; set; } = [];

        public string PredictedLabel { get; set; } = "";
    }

    /// <summary>A view whose rows must not be read.</summary>
    private sealed class Untouched(IDataView inner) : IDataView
    {
        public bool CanShuffle => false;

        public DataViewSchema Schema => inner.Schema;

        public long? GetRowCount() => null;

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => throw new InvalidOperationException("A row was read.");

        public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => throw new InvalidOperationException("A row was read.");
    }
}
