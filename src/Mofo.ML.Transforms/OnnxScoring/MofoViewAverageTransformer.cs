using Microsoft.ML;
using Microsoft.ML.Runtime;
using Mofo.ML.Transforms.MlNetBridge;
using Mofo.ML.Transforms.OnnxScoring;
using Mofo.ML.Transforms.Scoring;

namespace Mofo.ML.Transforms;

/// <summary>
/// From <c>ClipScores</c>, [V,K], to <c>Score</c>, [K], and <c>PredictedLabel</c>, or from <c>ClipFeatures</c>, [V,C], to <c>Features</c>, [C]: the mean over the V test
/// views of a video.
/// </summary>
/// <remarks>Scores that are no numbers, of a video that could not be read, give NaN and a missing key. Safe for use from several threads.</remarks>
public sealed class MofoViewAverageTransformer : MofoTransformer
{
    internal const string LoaderSignature = "MofoViewAverage";

    private static readonly StageFile File = new("view average", "MOFOVAVG", LoaderSignature, typeof(MofoViewAverageTransformer).Assembly.FullName!);

    private readonly State _state;

    internal MofoViewAverageTransformer(IHostEnvironment environment, ClassNames? classes, int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfNotEqual(width, classes?.Count ?? width, nameof(width));
        _state = new State(classes, width);
        Stage = classes is null
            ? new VectorTransformer<float[]>(environment, this, InputOf(classes), _ => [OutputColumn<float[]>.Vector(OnnxFeatureStage.FeaturesColumn, width, null, mean => mean)], Mean)
            : new VectorTransformer<ScoredRow>(environment, this, InputOf(classes), input => ScoredRow.Columns(input, classes), values => ScoredRow.Of(Mean(values), width));
    }

    private protected override IStageTransformer Stage { get; }

    internal static string InputOf(ClassNames? classes) => classes is null ? OnnxColumns.Features : OnnxColumns.Scores;

    internal static MofoViewAverageTransformer Create(IHostEnvironment environment, ModelLoadContext ctx) =>
        File.Load(ctx, (State state) =>
        {
            state.Classes?.Validate();
            return new MofoViewAverageTransformer(environment, state.Classes, state.Width);
        });

    private protected override void Save(ModelSaveContext ctx) => File.Save(ctx, _state);

    private float[] Mean(float[] views) => views.Length > 0 && views.Length % _state.Width == 0
        ? ViewMean.Of([.. views.Chunk(_state.Width)])
        : throw new InvalidOperationException(Invariant($"The column '{InputOf(_state.Classes)}' has {views.Length} values; expected a multiple of {_state.Width}."));

    /// <summary>What the model file keeps of this stage.</summary>
    private sealed record State(ClassNames? Classes, int Width);
}
