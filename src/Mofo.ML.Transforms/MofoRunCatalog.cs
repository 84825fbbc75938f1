using Mofo.ML.Transforms;
using Mofo.ML.Transforms.MlNetBridge;

namespace Microsoft.ML;

/// <summary>What a pipeline is given for a run, beside <c>mlContext.Model.Load</c>.</summary>
public static class MofoRunCatalog
{
    /// <summary>Gives cache folder, cancellation, progress and warnings to every stage of Mofo.ML in a pipeline, fitted or loaded.</summary>
    /// <remarks>
    /// They replace what the stages had, hold for every pass that begins from then on, also over views that were made before, and are not saved with the pipeline.
    /// </remarks>
    /// <param name="catalog">The model catalog.</param>
    /// <param name="model">A transformer of Mofo.ML, or a chain that holds one.</param>
    /// <param name="options">The settings; copied.</param>
    /// <exception cref="ArgumentException">The pipeline holds no stage of Mofo.ML.</exception>
    /// <exception cref="MofoOptionsException">An option cannot be used.</exception>
    public static void SetMofoRunOptions(this ModelOperationsCatalog catalog, ITransformer model, MofoRunOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var stages = TransformerChains.Flatten(model).OfType<IRunStage>().ToList();
        if (stages.Count == 0)
        {
            throw new ArgumentException("The pipeline holds no stage of Mofo.ML.", nameof(model));
        }

        stages.ForEach(stage => stage.Use(options.Copy()));
    }
}
