using Microsoft.ML;
using Microsoft.ML.Data;

namespace Mofo.ML.Transforms.MlNetBridge;

/// <summary>Several stages as one: the same work for several pairs of columns.</summary>
internal sealed class StageSequence(IReadOnlyList<IStageTransformer> stages) : IStageTransformer
{
    public IRowToRowMapper RowToRowMapper(DataViewSchema input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var mappers = new List<IRowToRowMapper>();
        foreach (var stage in stages)
        {
            mappers.Add(stage.RowToRowMapper(mappers.LastOrDefault()?.OutputSchema ?? input));
        }

        return new CompositeRowToRowMapper(input, [.. mappers]);
    }

    public DataViewSchema OutputSchema(DataViewSchema input) => stages.Aggregate(input, (schema, stage) => stage.OutputSchema(schema));

    public IDataView Transform(IDataView input) => stages.Aggregate(input, (view, stage) => stage.Transform(view));

    public void Use(MofoRunOptions run)
    {
        foreach (var stage in stages)
        {
            stage.Use(run);
        }
    }
}
