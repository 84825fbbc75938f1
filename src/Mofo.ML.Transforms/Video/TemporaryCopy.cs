namespace Mofo.ML.Transforms.Video;

/// <summary>A copy of a file with some boxes renamed to 'free', for as long as it is needed: so the decoder does not see them.</summary>
internal sealed class TemporaryCopy : IDisposable
{
    private readonly FileStream _copy;

    /// <param name="video">Path for messages.</param>
    /// <param name="file">The file to copy.</param>
    /// <param name="hide">Offsets of the four bytes with a box's type.</param>
    /// <param name="cancel">Ends copying.</param>
    /// <exception cref="VideoException">There is no room for the copy.</exception>
    public TemporaryCopy(string video, FileStream file, IEnumerable<long> hide, CancellationToken cancel)
    {
        var path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"mofo-video-{Guid.NewGuid():N}");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.Read | FileShare.Delete, Options = FileOptions.DeleteOnClose };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            _copy = new FileStream(path, options);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NoRoom(video, e);
        }

        try
        {
            Path = Unlinked() ?? _copy.Name;
            file.Position = 0;
            var buffer = new byte[1 << 20];
            for (var read = file.Read(buffer); read > 0; read = file.Read(buffer))
            {
                cancel.ThrowIfCancellationRequested();
                _copy.Write(buffer, 0, read);
            }

            foreach (var offset in hide)
            {
                _copy.Position = offset;
                _copy.Write("free"u8);
            }

            _copy.Flush();
        }
        catch (Exception e)
        {
            _copy.Dispose();
            throw e is IOException ? NoRoom(video, e) : e;
        }
    }

    /// <summary>What the decoder opens.</summary>
    public string Path { get; }

    public void Dispose() => _copy.Dispose();

    /// <summary>On Linux a file without a name lives for as long as it is open, also when the process is killed.</summary>
    private string? Unlinked()
    {
        var open = Invariant($"/proc/self/fd/{_copy.SafeFileHandle.DangerousGetHandle()}");
        if (!OperatingSystem.IsLinux() || !File.Exists(open))
        {
            return null;
        }

        File.Delete(_copy.Name);
        return open;
    }

    private static VideoException NoRoom(string video, Exception cause) => new(
        video,
        $"it begins with cover art, which has to be hidden from the decoder in a temporary copy, and that cannot be written ({cause.Message.TrimEnd('.')}); "
        + "remove the cover: ffmpeg -i FILE -map 0:V:0 -c copy OUT.mp4",
        innerException: cause);
}
