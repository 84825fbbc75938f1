using Microsoft.ML;
using Mofo.ML.Transforms.MlNetBridge;
using Mofo.ML.Transforms.Scoring;

namespace Mofo.ML.Transforms.OnnxScoring;

/// <summary>Names of the inputs and outputs of exported models; as ML.NET binds columns to a model by name, those of the columns too.</summary>
internal static class OnnxColumns
{
    /// <summary>Normalised pixels, [batch,3,T,H,W] float32.</summary>
    public const string Clips = "Clips";

    /// <summary>Motion boxes x1, y1, x2, y2 of every frame in pixels of the clip, [batch,T,4] float32; all 0 where none is known.</summary>
    public const string Boxes = "ClipBoxes";

    /// <summary>Probabilities, [batch,K] float32.</summary>
    public const string Scores = "ClipScores";

    /// <summary>Embeddings, [batch,C] float32.</summary>
    public const string Features = "ClipFeatures";

    /// <summary>Shapes of the columns that a stage of an exported model adds: of a classifier with these classes, or, for null, of an encoder.</summary>
    public static IReadOnlyList<SchemaShape.Column> Added(ClassNames? classes) =>
        classes is null ? [StageShapes.Vector(OnnxFeatureStage.FeaturesColumn)] : ScoredRow.Shapes(classes);
}
