using Microsoft.ML;
using Microsoft.ML.Data;
using Mofo.ML.Transforms.MlNetBridge;

namespace Mofo.ML.Transforms.MotionStages;

/// <summary>The columns beside the boxes that the options ask for.</summary>
internal static class MotionColumns
{
    public static IEnumerable<OutputColumn<DetectedMotion>> Outputs(MotionDetectionOptions options)
    {
        if (options.MotionFoundColumnName is { } found)
        {
            yield return OutputColumn<DetectedMotion>.Scalar(found, BooleanDataViewType.Instance, motion => motion.Found);
        }

        if (options.MotionStrengthColumnName is { } strength)
        {
            yield return OutputColumn<DetectedMotion>.Scalar(strength, NumberDataViewType.Single, motion => motion.Strength);
        }
    }

    public static IEnumerable<SchemaShape.Column> Shapes(MotionDetectionOptions options)
    {
        if (options.MotionFoundColumnName is { } found)
        {
            yield return StageShapes.Scalar(found, BooleanDataViewType.Instance);
        }

        if (options.MotionStrengthColumnName is { } strength)
        {
            yield return StageShapes.Scalar(strength, NumberDataViewType.Single);
        }
    }
}
