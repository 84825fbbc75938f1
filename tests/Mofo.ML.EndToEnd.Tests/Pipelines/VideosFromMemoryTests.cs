using ActionRecognition.Rendering;
using Microsoft.ML;
using Microsoft.ML.Data;
using Mofo.ML.Trainers;
using Mofo.ML.Transforms;

namespace Mofo.ML.EndToEnd.Tests.Pipelines;

/// <summary>A column with the content of video files trains the same network as one with their paths.</summary>
public sealed class VideosFromMemoryTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mofo-bytes-");
    private readonly MLContext _ml = new(seed: 7);

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Training_from_bytes_is_training_from_files_and_goes_on_after_it_was_stopped()
    {
        var rows = Rows();
        var (paths, bytes) = (_ml.Data.LoadFromEnumerable(rows.Select(row => row.File)), _ml.Data.LoadFromEnumerable(rows.Select(row => row.Bytes)));
        using var ofFiles = Chain("VideoPath", null).Fit(paths);
        var checkpoints = Path.Combine(_folder.FullName, "checkpoints");
        using var ofBytes = Chain("Video", checkpoints).Fit(bytes);
        var expected = Scores(ofFiles.Transform(paths));
        Assert.Equal(expected, Scores(ofBytes.Transform(bytes))); // bit by bit

        // The temporary files of another run have other names; the training is the same, and there is nothing left to do of it.
        var written = Directory.GetFiles(checkpoints).Select(file => (file, File.GetLastWriteTimeUtc(file))).ToList();
        Assert.NotEmpty(written);
        using var again = Chain("Video", checkpoints).Fit(bytes);
        Assert.Equal(expected, Scores(again.Transform(bytes)));
        Assert.Equal(written, Directory.GetFiles(checkpoints).Select(file => (file, File.GetLastWriteTimeUtc(file))));
    }

    private EstimatorChain<MofoClassificationTransformer> Chain(string video, string? checkpoints)
    {
        var pretraining = TrainedPipeline.Pretraining();
        var finetuning = TrainedPipeline.Finetuning();
        (pretraining.BatchSize, finetuning.BatchSize) = (2, 2);
        (pretraining.CheckpointFolder, finetuning.CheckpointFolder) = (checkpoints is null ? null : checkpoints + "-pretraining", checkpoints);
        return _ml.Transforms.DetectMotion("MotionBoxes", video, new MotionDetectionOptions { Flow = OpticalFlowAlgorithm.Farneback, FlowShortSide = 48 })
            .Append(_ml.Transforms.PretrainMofo("Features", video, "MotionBoxes", pretraining))
            .Append(_ml.Transforms.Conversion.MapValueToKey("Label"))
            .Append(_ml.MulticlassClassification.Trainers.MofoFinetune("Label", video, "MotionBoxes", finetuning));
    }

    private static List<float[]> Scores(IDataView scored) => [.. scored.GetColumn<float[]>("Score")];

    private List<(FileRow File, BytesRow Bytes)> Rows()
    {
        var data = Path.Combine(_folder.FullName, "data");
        RenderedDataSet.Ensure(data, new DataSetOptions { TrainClipsPerClass = 1, TestClipsPerClass = 1, Frames = 20 });
        return [.. File.ReadLines(Path.Combine(data, "train.csv")).Take(4).Select(line => line.Split(' ')).Select(parts => (Path.Combine(data, parts[0]), $"class {int.Parse(parts[1]) % 2}"))
            .Select(row => (new FileRow(row.Item1, row.Item2), new BytesRow(File.ReadAllBytes(row.Item1), row.Item2)))];
    }

    private sealed record FileRow(string VideoPath, string Label);

    private sealed record BytesRow(byte[] Video, string Label);
}
