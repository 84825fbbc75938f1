namespace PaperInSmall;

/// <summary>The folder in which one training keeps its checkpoints until its result is kept.</summary>
internal sealed record Checkpoints(string Folder)
{
    /// <summary>The result is kept: the checkpoints are not needed again.</summary>
    public void Done()
    {
        if (Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }
    }
}
