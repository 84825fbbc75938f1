using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Mofo.ML.Transforms.MlNetBridge;

/// <summary>What a public stage passes on to, whatever its results are.</summary>
internal interface IStageTransformer
{
    IRowToRowMapper RowToRowMapper(DataViewSchema input);

    DataViewSchema OutputSchema(DataViewSchema input);

    IDataView Transform(IDataView input);

    /// <summary>Takes the settings of passes that begin from now on.</summary>
    void Use(MofoRunOptions run);
}

/// <summary>The ITransformer duties of a public stage, written once: schema, whole views, single rows.</summary>
internal sealed class StageTransformer<TResult>(IHostEnvironment environment, ITransformer owner, VideoStage<TResult> stage) : IStageTransformer
{
    private readonly IHost _host = environment.Register(owner.GetType().Name);

    public IRowToRowMapper RowToRowMapper(DataViewSchema input) =>
        new RowToRowMapperTransform(_host, new EmptyDataView(_host, input), Mapper(input), Mapper);

    public DataViewSchema OutputSchema(DataViewSchema input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return RowToRowMapperTransform.GetOutputSchema(input, Mapper(input));
    }

    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var rowByRow = new RowToRowMapperTransform(_host, input, Mapper(input.Schema), Mapper);
        return new LookaheadView<TResult>(input, stage, rowByRow.OutputSchema, rowByRow);
    }

    public void Use(MofoRunOptions run) => stage.Use(run);

    private StageMapper<TResult> Mapper(DataViewSchema input)
    {
        stage.Inputs.Check(input);
        return new StageMapper<TResult>(owner, stage, input);
    }
}
