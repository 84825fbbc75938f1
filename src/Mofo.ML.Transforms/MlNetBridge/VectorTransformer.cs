using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Mofo.ML.Transforms.MlNetBridge;

/// <summary>The ITransformer duties of a public stage that works on one vector column, row by row.</summary>
/// <param name="environment">ML.NET's environment.</param>
/// <param name="owner">The public transformer.</param>
/// <param name="inputColumn">The vector of Single.</param>
/// <param name="outputs">The columns that it makes, given the schema that it is applied to.</param>
/// <param name="compute">The vector's values to what the columns are taken from.</param>
internal sealed class VectorTransformer<TResult>(
    IHostEnvironment environment, ITransformer owner, string inputColumn, Func<DataViewSchema, IReadOnlyList<OutputColumn<TResult>>> outputs, Func<float[], TResult> compute)
    : IStageTransformer
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
        return new RowToRowMapperTransform(_host, input, Mapper(input.Schema), Mapper);
    }

    /// <summary>Does nothing: the work on a row is a few additions, reads no file and gives no warning.</summary>
    public void Use(MofoRunOptions run)
    {
    }

    private IRowMapper Mapper(DataViewSchema input)
    {
        VectorMapper<TResult>.Check(input, inputColumn);
        return new VectorMapper<TResult>(owner, inputColumn, outputs(input), compute, input);
    }
}
