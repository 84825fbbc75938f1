using Microsoft.ML;
using Mofo.ML.Trainers.Scoring;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.MlNetBridge;
using Mofo.ML.Transforms.Scoring;
using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Trainers.Finetuning;

/// <summary>Video and boxes to class probabilities: softmax per view, averaged over the views.</summary>
internal sealed class ClassificationStage(
    StageHost host, StageTask task, MofoRunOptions run, VideoInputs inputs, ClassNames classes, ViewScorer scorer, ClassProbabilities probabilities)
    : VideoStage<ScoredRow>(host, task, run)
{
    public override VideoInputs Inputs => inputs;

    protected override IFrameAudience? NewAudience() => scorer.NewAudience(Run.VideoLimits);

    public override IReadOnlyList<OutputColumn<ScoredRow>> Outputs(DataViewSchema input) => ScoredRow.Columns(input, classes);

    public override IEnumerable<ScoredRow> Compute(IEnumerable<VideoRow> rows, StagePass pass) =>
        scorer.Score(rows, pass, TorchViews.Rows(probabilities.Of)).Select(scores => ScoredRow.Of(scores, classes.Count));
}
