using ActionRecognition.Rendering;
using Microsoft.ML;
using Microsoft.ML.Data;
using Mofo.ML.Trainers;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.Video;
using OpenCvSharp;

namespace Mofo.ML.EndToEnd.Tests.Pipelines;

/// <summary>Segments of videos go through the whole chain as videos would that hold these frames alone.</summary>
public sealed class SegmentTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mofo-segments-");
    private readonly MLContext _ml = new(seed: 7);

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Training_and_scores_are_those_of_the_parts_cut_out()
    {
        var (segments, cut) = Rows();
        using var ofSegments = Chain().Fit(_ml.Data.LoadFromEnumerable(segments));
        using var ofParts = Chain().Fit(_ml.Data.LoadFromEnumerable(cut));
        var scored = ofSegments.Transform(_ml.Data.LoadFromEnumerable(segments));
        var expected = Read(ofParts.Transform(_ml.Data.LoadFromEnumerable(cut)));
        var actual = Read(scored);
        Assert.Equal(expected.Select(row => row.MotionBoxes), actual.Select(row => row.MotionBoxes));
        Assert.Equal(expected.Select(row => row.Score), actual.Select(row => row.Score)); // bit by bit: the same frames made the same weights
        Assert.All(actual, row => Assert.Equal(10, row.MotionBoxes.Length / 4));

        // The report tells the parts of one video apart.
        var report = _ml.MulticlassClassification.ReportVideos(scored);
        Assert.Equal(segments.Select(row => VideoSegment.OfSeconds(row.VideoPath, row.SegmentStart, row.SegmentEnd).ToString()), report.Videos.Rows.Select(row => row.VideoPath));

        // A loaded model takes them too, row by row.
        var path = Path.Combine(_folder.FullName, "model.zip");
        _ml.Model.Save(ofSegments, _ml.Data.LoadFromEnumerable(segments).Schema, path);
        using var engine = _ml.Model.CreatePredictionEngine<SegmentRow, Result>(new MLContext().Model.Load(path, out _));
        Assert.Equal(actual[1].MotionBoxes, engine.Predict(segments[1]).MotionBoxes);
    }

    private List<Result> Read(IDataView view) => [.. _ml.Data.CreateEnumerable<Result>(view, reuseRowObject: false)];

    private EstimatorChain<MofoClassificationTransformer> Chain() => _ml.Transforms.DetectMotion(options: new() { Flow = OpticalFlowAlgorithm.Farneback, FlowShortSide = 48 })
        .Append(_ml.Transforms.Conversion.MapValueToKey("Label"))
        .Append(_ml.MulticlassClassification.Trainers.MofoFinetune(options: Options()));

    private static MofoFinetuningOptions Options()
    {
        var options = TrainedPipeline.Finetuning();
        options.BatchSize = 2;
        return options;
    }

    /// <summary>Two rendered clips of 20 frames at 25 a second, each cut into two halves of ten, and the same frames as folders of pictures.</summary>
    private (SegmentRow[] Segments, PartRow[] Cut) Rows()
    {
        var data = Path.Combine(_folder.FullName, "data");
        RenderedDataSet.Ensure(data, new DataSetOptions { TrainClipsPerClass = 1, TestClipsPerClass = 1, Frames = 20 });
        var videos = File.ReadLines(Path.Combine(data, "train.csv")).Take(2).Select(line => Path.Combine(data, line.Split(' ')[0])).ToList();
        var segments = new List<SegmentRow>();
        var cut = new List<PartRow>();
        foreach (var (index, video) in videos.Index())
        {
            using var reader = FrameReader.Open(video);
            var half = 10 / reader.FramesPerSecond;
            foreach (var part in new[] { 0, 1 })
            {
                segments.Add(new SegmentRow(video, half * part, half * (part + 1), $"class {index}"));
                cut.Add(new PartRow(CutOut(reader, $"{index}-{part}", 10 * part, 10), $"class {index}"));
            }
        }

        return ([.. segments], [.. cut]);
    }

    private string CutOut(FrameReader reader, string name, int first, int count)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder.FullName, name)).FullName;
        foreach (var (index, frame) in reader.ReadAt([.. Enumerable.Range(first, count)], frame => frame).Index())
        {
            using var rgb = Mat.FromPixelData(frame.Height, frame.Width, MatType.CV_8UC3, frame.Pixels);
            using var bgr = rgb.CvtColor(ColorConversionCodes.RGB2BGR);
            Assert.True(Cv2.ImWrite(Path.Combine(folder, Invariant($"{index:D3}.png")), bgr));
        }

        return folder;
    }

    private sealed class SegmentRow(string videoPath, double start, double end, string label)
    {
        public SegmentRow()
            : this("", 0, 0, "")
        {
        }

        public string VideoPath { get; set; } = videoPath;

        public double SegmentStart { get; set; } = start;

        public double SegmentEnd { get; set; } = end;

        public string Label { get; set; } = label;
    }

    private sealed record PartRow(string VideoPath, string Label);

    private sealed class Result
    {
        public float[] MotionBoxes { get; set; } = [];

        public float[] Score { get; set; } = [];
    }
}
