using Microsoft.ML;
using Microsoft.ML.Data;
using Mofo.ML.Trainers.Model.Fusion;
using Mofo.ML.Transforms.MlNetBridge;

namespace Mofo.ML.Trainers.Applying;

/// <summary>The columns that a network reads: the motion boxes only where it has a fusion that looks at them.</summary>
/// <param name="Video">Name of the column with the video paths.</param>
/// <param name="Motion">Name of the column with the motion boxes.</param>
/// <param name="Plan">The network.</param>
internal sealed record PublishedInputs(string Video, string Motion, PublishedPlan Plan)
{
    public VideoInputs Columns => new(Video, UsesMotion ? Motion : null);

    private bool UsesMotion => Plan.Shape.Fusion.UsesMotionBoxes();

    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public void Check(DataViewSchema inputSchema)
    {
        RequireMotion(inputSchema, inputSchema.GetColumnOrNull(Motion) is not null);
        Columns.Check(inputSchema);
    }

    /// <inheritdoc cref="Check(DataViewSchema)"/>
    public void Check(SchemaShape inputSchema)
    {
        RequireMotion(inputSchema, inputSchema.Any(column => column.Name == Motion));
        Columns.Check(inputSchema);
    }

    private void RequireMotion(object inputSchema, bool isThere)
    {
        if (UsesMotion && !isThere)
        {
            throw new ArgumentOutOfRangeException(
                nameof(inputSchema),
                $"Could not find the motion column '{Motion}': the head of {Plan.Path} ({Plan.Shape.Fusion}) looks inside and outside the motion box. Put mlContext.Transforms.DetectMotion() before "
                + $"ApplyMofoModel, or set {nameof(MofoModelOptions)}.{nameof(MofoModelOptions.Fusion)} = {nameof(MotionFusion)}.{nameof(MotionFusion.None)} to score without boxes.");
        }
    }
}
