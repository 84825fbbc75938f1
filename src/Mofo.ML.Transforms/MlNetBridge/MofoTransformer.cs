using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Mofo.ML.Transforms.MlNetBridge;

namespace Mofo.ML.Transforms;

/// <summary>A fitted stage of Mofo.ML: it adds columns to a view, and is saved and loaded with the pipeline that it is in.</summary>
/// <remarks>Nothing is computed before a column is read. Safe for use from several threads.</remarks>
public abstract class MofoTransformer : ITransformer, IRunStage
{
    private protected MofoTransformer()
    {
    }

    /// <summary>What the stage does; set by the constructor of the stage.</summary>
    private protected abstract IStageTransformer Stage { get; }

    bool ITransformer.IsRowToRowMapper => true;

    /// <summary>The schema after this stage: the input columns and those that it adds.</summary>
    /// <param name="inputSchema">The schema it is applied to.</param>
    /// <returns>The output schema.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Stage.OutputSchema(inputSchema);

    /// <summary>Adds the columns; lazy, they are computed ahead and in batches while they are read.</summary>
    /// <param name="input">A view with the columns that the stage reads.</param>
    /// <returns>The view with the columns added.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public IDataView Transform(IDataView input) => Stage.Transform(input);

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => Stage.RowToRowMapper(inputSchema);

    void IRunStage.Use(MofoRunOptions options) => Stage.Use(options);

    void ICanSaveModel.Save(ModelSaveContext ctx) => Save(ctx);

    /// <summary>Writes the stage into a model file.</summary>
    private protected abstract void Save(ModelSaveContext ctx);
}
