using Microsoft.ML;
using Microsoft.ML.Runtime;
using Mofo.ML.Transforms.MlNetBridge;

namespace Mofo.ML.Transforms;

/// <summary>A stage of Mofo.ML that is not fitted yet.</summary>
/// <typeparam name="TTransformer">The fitted stage.</typeparam>
public abstract class MofoEstimator<TTransformer> : IEstimator<TTransformer>
    where TTransformer : MofoTransformer
{
    private protected MofoEstimator(IHostEnvironment environment) => Environment = environment;

    /// <summary>The MLContext that the stage was made with.</summary>
    private protected IHostEnvironment Environment { get; }

    /// <summary>Checks the columns and makes the fitted stage; a trainer trains.</summary>
    /// <param name="input">A view with the columns that the stage reads.</param>
    /// <returns>The fitted stage.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type; the message says what makes it.</exception>
    public TTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return FitTo(input);
    }

    /// <summary>The shape of the schema after this stage.</summary>
    /// <param name="inputSchema">The shape before it.</param>
    /// <returns>The input columns and those that the stage adds.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type; the message says what makes it.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return StageShapes.With(inputSchema, AddedTo(inputSchema));
    }

    /// <summary>Checks the schema and makes the fitted stage.</summary>
    private protected abstract TTransformer FitTo(IDataView input);

    /// <summary>Checks the shape and gives the shapes of the columns that are added.</summary>
    private protected abstract IReadOnlyList<SchemaShape.Column> AddedTo(SchemaShape input);
}
