namespace Mofo.ML.Cli.Running;

/// <summary>Small text files, written beside their place and renamed.</summary>
internal static class TextFile
{
    public static void Write(string path, string text)
    {
        var partial = $"{path}.{Guid.NewGuid():N}.partial";
        try
        {
            using (var writer = new StreamWriter(partial))
            {
                writer.Write(text);
            }

            File.Move(partial, path, overwrite: true);
        }
        catch
        {
            File.Delete(partial);
            throw;
        }
    }
}
