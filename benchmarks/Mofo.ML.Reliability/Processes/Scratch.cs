namespace Mofo.ML.Reliability.Processes;

/// <summary>A folder for files that are written a million times: in memory where the system has such a place. Gone in the end.</summary>
internal sealed class Scratch : IDisposable
{
    private const string Memory = "/dev/shm";
    private readonly DirectoryInfo _folder = Directory.CreateDirectory(System.IO.Path.Combine(Directory.Exists(Memory) ? Memory : System.IO.Path.GetTempPath(), $"mofo-reliability-{Guid.NewGuid():N}"));

    public string Path => _folder.FullName;

    public void Dispose() => _folder.Delete(recursive: true);
}
