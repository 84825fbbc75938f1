using Mofo.ML.Transforms.Files;

namespace Microsoft.ML;

/// <summary>Saving of models beside what <c>mlContext.Model</c> has.</summary>
public static class MofoModelFileCatalog
{
    /// <summary>Saves a model as <c>Save</c> does, but the file is replaced as a whole or not at all.</summary>
    /// <remarks>
    /// ML.NET's own <c>Save</c> empties the file first and then writes into it: a process that is killed, or a disk that is full, leaves half a model and takes the old one. Here the
    /// model is written beside its place, flushed to the disk and renamed. Where <paramref name="filePath"/> is a symbolic link, the file that it leads to is replaced and the link stays;
    /// a device or a pipe is written into.
    /// </remarks>
    /// <param name="catalog">The model operations catalog.</param>
    /// <param name="model">The model.</param>
    /// <param name="inputSchema">Schema of the model's input; null to leave it out, as with <c>Save</c>.</param>
    /// <param name="filePath">The file, usually with the ending <c>.zip</c>; its folder is made where there is none.</param>
    /// <exception cref="IOException">The file cannot be written; an earlier one is as it was.</exception>
    public static void SaveMofoModel(this ModelOperationsCatalog catalog, ITransformer model, DataViewSchema? inputSchema, string filePath)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrWhiteSpace(filePath);
        AtomicFile.Write(filePath, stream => catalog.Save(model, inputSchema, stream));
    }
}
