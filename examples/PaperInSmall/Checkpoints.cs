namespace PaperInSmall;

/// <summary>The folder in which one training keeps its checkpoints until it is done.</summary>
internal sealed class Checkpoints(string folder) : IDisposable
{
    private bool _done;

    public string Folder => folder;

    /// <summary>The result is kept: the checkpoints are not needed again.</summary>
    public void Done() => _done = true;

    public void Dispose()
    {
        if (_done && Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
