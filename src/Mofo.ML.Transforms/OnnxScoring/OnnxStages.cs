using Microsoft.ML;
using Mofo.ML.Transforms.MlNetBridge;
using Mofo.ML.Transforms.Scoring;

namespace Mofo.ML.Transforms.OnnxScoring;

/// <summary>Video and boxes to class probabilities on ONNX Runtime: the twin of the TorchSharp classifier's stage.</summary>
internal sealed class OnnxClassificationStage(
    StageHost host, StageTask task, MofoRunOptions run, VideoInputs inputs, ClassNames classes, ViewScorer scorer, OnnxNetwork network) : VideoStage<ScoredRow>(host, task, run)
{
    public override VideoInputs Inputs => inputs;

    public override IReadOnlyList<OutputColumn<ScoredRow>> Outputs(DataViewSchema input) => ScoredRow.Columns(input, classes);

    public override IEnumerable<ScoredRow> Compute(IEnumerable<VideoRow> rows, StagePass pass) =>
        scorer.Score(rows, pass, views => network.Run(views, pass.Token)).Select(scores => ScoredRow.Of(scores, classes.Count));
}

/// <summary>Video to embedding on ONNX Runtime.</summary>
internal sealed class OnnxFeatureStage(
    StageHost host, StageTask task, MofoRunOptions run, VideoInputs inputs, ViewScorer scorer, OnnxNetwork network) : VideoStage<float[]>(host, task, run)
{
    public const string FeaturesColumn = "Features";

    public override VideoInputs Inputs => inputs;

    public override IReadOnlyList<OutputColumn<float[]>> Outputs(DataViewSchema input) =>
        [OutputColumn<float[]>.Vector(FeaturesColumn, network.Width, null, features => features)];

    public override IEnumerable<float[]> Compute(IEnumerable<VideoRow> rows, StagePass pass) =>
        scorer.Score(rows, pass, views => network.Run(views, pass.Token)).Select(features => features ?? ViewMean.Missing(network.Width));
}
