using Microsoft.ML;
using Microsoft.ML.Data;
using Mofo.ML.Trainers.Model;
using Mofo.ML.Trainers.Model.Fusion;
using Mofo.ML.Trainers.Scoring;
using Mofo.ML.Trainers.Training;
using Mofo.ML.Transforms.MlNetBridge;
using Mofo.ML.Transforms.Scoring;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Finetuning;

/// <summary>Video and boxes to class probabilities: softmax per view, averaged over the views.</summary>
internal sealed class ClassificationStage(
    StageHost host, StageTask task, RunSettings run, VideoInputs inputs, ClassNames classes, ViewScorer scorer, VideoClassifier model, VitConfig config, Device device)
    : VideoStage<ScoredRow>(host, task, run)
{
    public override VideoInputs Inputs => inputs;

    public override IReadOnlyList<OutputColumn<ScoredRow>> Outputs(DataViewSchema input) => ScoredRow.Columns(input, classes);

    public override IEnumerable<ScoredRow> Compute(IEnumerable<VideoRow> rows, StagePass pass) =>
        scorer.Score(rows, pass, TorchViews.Rows(Probabilities)).Select(scores => ScoredRow.Of(scores, classes.Count));

    private Tensor Probabilities(IReadOnlyList<ViewClip> views)
    {
        var pixels = PixelBatch.Stack([.. views.Select(view => view.Pixels)], config, device);
        var inside = TokenRegions.Inside(config, [.. views.Select(view => view.Boxes)], device);
        return model.call(pixels, inside).to(ScalarType.Float32).softmax(-1); // [V,K]
    }
}
