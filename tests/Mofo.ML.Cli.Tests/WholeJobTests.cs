using System.Globalization;
using System.Text.Json.Nodes;
using Mofo.ML.Research;
using Mofo.ML.Transforms;

namespace Mofo.ML.Cli.Tests;

/// <summary>From clips to answers: every command on the same clips and the models that come of them, under a culture with a decimal comma.</summary>
public sealed class WholeJobTests(ClipFolder clips) : IClassFixture<ClipFolder>
{
    [Fact]
    public void Check_tells_frames_size_rate_and_motion()
    {
        var video = Assert.Single(Tool.Json("check", clips.Clip)["videos"]!.AsArray())!;
        Assert.Equal((12, 96, 72, 25.0, true), ((int)video["frames"]!, (int)video["width"]!, (int)video["height"]!, (double)video["framesPerSecond"]!, (bool)video["readable"]!));
        Assert.NotNull(video["motionStrength"]);
    }

    [Fact]
    public void Detect_writes_the_boxes_of_the_detector_and_a_table()
    {
        var (json, table) = (clips.PathOf("boxes.json"), clips.PathOf("boxes.csv"));
        var found = Tool.Json("detect", clips.Clips, "--out", json, "--table", table, "--window", "4", "--peak-cut", "0.25");
        Assert.Equal(8, found["videos"]!.AsArray().Count);
        var expected = new MotionDetector(new MotionDetectionOptions { Window = 4, PeakCut = 0.25 }).Detect(clips.Clip);
        var boxes = BoxJson.Read(json)["still0"];
        Assert.Equal(expected.PerFrame.Count, boxes.Count);
        Assert.Equal(expected.Union.X1, boxes[0].X1, 0.01f);
        Assert.Equal(9, File.ReadAllLines(table).Length);
        Assert.StartsWith("Video,Frames,", File.ReadAllLines(table)[0]);
    }

    [Theory]
    [InlineData("mp4")]
    [InlineData("avi")]
    public void Draw_writes_videos_of_the_same_length(string format)
    {
        var files = Tool.Json("draw", clips.Clip, "--format", format, "--out", clips.PathOf("drawn"))["files"]!.AsArray();
        Assert.Equal(12, VideoFacts.Read((string)files.Single()!).Frames);
    }

    [Theory]
    [InlineData("png")]
    [InlineData("webp")]
    [InlineData("html")]
    public void Draw_writes_pictures_and_pages(string format)
    {
        var file = (string)Tool.Json("draw", clips.Clip, "--format", format, "--out", clips.PathOf("drawn"))["files"]!.AsArray().Single()!;
        Assert.EndsWith("." + format, file);
        Assert.True(new FileInfo(file).Length > 1000);
    }

    [Fact]
    public void Finetune_leaves_model_report_settings_and_tables()
    {
        Assert.Superset(
            new HashSet<string> { "model.zip", "report.html", "run.json", "predictions.csv", "predictions.parquet", "classes.csv", "classes.parquet", "confusion.csv", "confusion.parquet", "calibration.csv", "calibration.parquet", "metrics.json" },
            Directory.EnumerateFiles(clips.Finetuned).Select(file => Path.GetFileName(file)).ToHashSet());
        Assert.NotEmpty(Directory.EnumerateFileSystemEntries(Path.Combine(clips.Finetuned, "checkpoints")));
        var predictions = File.ReadAllLines(Path.Combine(clips.Finetuned, "predictions.csv"));
        Assert.Equal("VideoPath,Label,PredictedLabel,still,pan", predictions[0]);
        Assert.Equal(1, predictions[1].Split(',')[3..].Sum(text => double.Parse(text, CultureInfo.InvariantCulture)), 1e-5);
    }

    [Fact]
    public void Predict_gives_the_same_scores_from_the_pipeline_and_from_its_ONNX_file()
    {
        var (zip, onnx) = (Path.Combine(clips.Finetuned, "model.zip"), clips.PathOf("model.onnx"));
        _ = Tool.Json("convert", zip, onnx);
        var (first, second) = (Tool.Json("predict", zip, clips.Clips), Tool.Json("predict", onnx, clips.Clips));
        Assert.Equal(8, first["videos"]!.AsArray().Count);
        foreach (var (a, b) in first["videos"]!.AsArray().Zip(second["videos"]!.AsArray()))
        {
            Assert.Equal((string?)a!["path"], (string?)b!["path"]);
            Assert.Equal((double)a["classes"]![0]!["score"]!, (double)b["classes"]![0]!["score"]!, 1e-3);
        }
    }

    [Fact]
    public void Evaluate_gives_figures_tables_and_a_report()
    {
        var folder = clips.PathOf("evaluated");
        var found = Tool.Json("evaluate", Path.Combine(clips.Finetuned, "model.zip"), clips.PathOf("test.csv"), "--classes", clips.PathOf("classes.txt"), "--out", folder);
        var figures = found["figures"]!["Labelled clips"]!;
        Assert.Equal(2, (double)figures["clips"]!);
        Assert.InRange((double)figures["top1"]!, 0, 1);
        Assert.Equal(1, (double)figures["top5"]!);
        Assert.True(File.Exists(Path.Combine(folder, "report.html")));
        Assert.Equal(3, File.ReadAllLines(Path.Combine(folder, "classes.csv")).Length);
    }

    [Theory]
    [InlineData("zip")]
    [InlineData("onnx")]
    public void Evaluate_tells_and_draws_with_the_detectors_settings_of_the_model(string kind)
    {
        var (model, folder, list) = (Path.Combine(clips.Finetuned, "model.zip"), clips.PathOf("settings-" + kind), clips.PathOf("both-labels.csv"));
        if (kind == "onnx")
        {
            var zip = model;
            model = clips.PathOf("settings.onnx");
            _ = Tool.Json("convert", zip, model);
        }

        // Of two labels of one clip, one is a mistake, which the report shows with the boxes of the clip.
        File.WriteAllLines(list, ["clips/still/still0.avi still", "clips/still/still0.avi pan"]);
        _ = Tool.Json("evaluate", model, list, "--out", folder);
        var options = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "run.json")))!["options"]!;
        Assert.Equal(("PerFrame", 4, 0.4), ((string?)options["box-mode"], (int)options["window"]!, (double)options["peak-cut"]!));

        var (paths, paper) = (Union(MotionDetectionOptions.BoxPaths), Union(new MotionDetectionOptions()));
        Assert.NotEqual(paper, paths);
        Assert.Contains(paths, File.ReadAllText(Path.Combine(folder, "report.html")));

        string Union(MotionDetectionOptions settings)
        {
            var box = new MotionDetector(settings).Detect(clips.Clip).Union;
            return Invariant($"\"union\":[{Math.Round(box.X1)},{Math.Round(box.Y1)},{Math.Round(box.X2)},{Math.Round(box.Y2)}]");
        }
    }

    [Fact]
    public void Evaluate_judges_actions_verbs_and_nouns()
    {
        var lists = clips.PathOf("actions.csv");
        File.WriteAllLines(lists, ["clips/still/still0.avi 0:1", "clips/still/still2.avi 0:1", "clips/pan/pan1.avi 2:1", "clips/pan/pan3.avi 2:1"]);
        var model = clips.PathOf("actions");
        _ = Tool.Json("finetune", lists, "--model", ClipFolder.TinyNetwork, "--epochs", "1", "--batch-size", "2", "--use-built-in-weights=false", "--out", model, "--report", "false");
        Assert.False(File.Exists(Path.Combine(model, "report.html")));

        // The annotations of the original name folders of frames or files by the id of the video, and parts of them by time.
        var annotations = clips.PathOf("EPIC_100_validation.csv");
        var videos = Directory.CreateDirectory(clips.PathOf("kitchen")).FullName;
        File.Copy(clips.Clip, Path.Combine(videos, "P01_01.avi"));
        File.WriteAllLines(annotations,
        [
            "narration_id,participant_id,video_id,narration_timestamp,start_timestamp,stop_timestamp,start_frame,stop_frame,narration,verb,verb_class,noun,noun_class,all_nouns,all_noun_classes",
            "P01_01_0,P01,P01_01,00:00:00.100,00:00:00.00,00:00:00.40,1,10,open door,open,0,door,1,['door'],[1]",
        ]);
        var figures = Tool.Json("evaluate", Path.Combine(model, "model.zip"), annotations, "--epic", "--videos", videos, "--out", clips.PathOf("judged"))["figures"]!;
        Assert.Equal(["Actions", "Verbs", "Nouns"], figures.AsObject().Select(pair => pair.Key));
        Assert.Equal(1, (double)figures["Nouns"]!["clips"]!);
    }

    [Fact]
    public void Pretrain_gives_features_reconstructions_and_weights_to_finetune_from()
    {
        var zip = Path.Combine(clips.Pretrained, "model.zip");
        var features = clips.PathOf("features.csv");
        Assert.Equal(24, (int)Tool.Json("features", zip, clips.Clips, "--out", features)["size"]!);
        Assert.Equal(9, File.ReadAllLines(features).Length);
        Assert.StartsWith("VideoPath,Label,Features0,", File.ReadAllLines(features)[0]);
        _ = Tool.Json("features", zip, clips.Clip, "--out", clips.PathOf("features.parquet"));

        Assert.True(new FileInfo((string)Tool.Json("reconstruct", zip, clips.Clip, "--out", clips.PathOf("rebuilt"))["files"]![0]!).Length > 1000);
        Assert.Contains("no classifier", Tool.Run("predict", zip, clips.Clip).Errors);

        // The network is that of the weights, without a word on the command line.
        var finetuned = Tool.Json("finetune", clips.PathOf("train.csv"), "--classes", clips.PathOf("classes.txt"), "--initial-weights", zip, "--epochs", "1", "--batch-size", "2", "--out", clips.PathOf("from-pretrained"));
        Assert.Contains("embed-dim=24,", File.ReadAllText((string)finetuned["settings"]!));
    }

    [Fact]
    public void Explain_draws_where_the_classifier_looks()
    {
        var made = Tool.Json("explain", Path.Combine(clips.Finetuned, "model.zip"), clips.Clip, "--class", "pan", "--video", "--out", clips.PathOf("explained"))["videos"]!.AsArray().Single()!;
        Assert.Equal("pan", (string?)made["className"]);
        Assert.True(new FileInfo((string)made["picture"]!).Length > 1000);
        Assert.Equal(12, VideoFacts.Read((string)made["video"]!).Frames);
    }

    [Fact]
    public void Convert_writes_tensors_that_can_be_converted_again()
    {
        var (first, second, onnx) = (clips.PathOf("weights.safetensors"), clips.PathOf("huggingface.safetensors"), clips.PathOf("weights.onnx"));
        var count = (int)Tool.Json("convert", Path.Combine(clips.Pretrained, "model.zip"), first)["tensors"]!;
        Assert.Equal(count, (int)Tool.Json("convert", first, first.Replace("weights", "copy", StringComparison.Ordinal))["tensors"]!);
        _ = Tool.Json("convert", Path.Combine(clips.Pretrained, "model.zip"), second, "--names", "huggingface");
        // The decoder has no place in the ONNX file; it is counted as ignored.
        var exported = Tool.Json("convert", first, onnx);
        Assert.Equal(count, (int)exported["tensors"]! + exported["ignored"]!.AsArray().Count);
        Assert.InRange((int)exported["tensors"]!, 1, count - 1);
        Assert.True(new FileInfo(onnx).Length > 1000);

        // Weights without a pipeline are a model too.
        Assert.Equal(24, (int)Tool.Json("features", first, clips.Clip, "--out", clips.PathOf("from-weights.csv"))["size"]!);
    }
}
