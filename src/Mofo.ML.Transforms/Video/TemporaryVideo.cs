using System.Diagnostics.CodeAnalysis;
using Microsoft.ML.Data;
using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms;

/// <summary>A video that comes from memory or from the network, as a file that stages and <see cref="MotionDetector"/> can read, for as long as it is needed.</summary>
/// <remarks>
/// The decoder reads files only. This one lies in a folder of its own below the system's folder for temporary files (<c>TMPDIR</c>), closed to other users, until
/// <see cref="Dispose"/>. Its <see cref="Path"/> stands wherever the path of a video does, so also in the row of a <c>PredictionEngine</c>.
/// </remarks>
public sealed class TemporaryVideo : IDisposable
{
    // Null when the folder could not be made: the finalizer also runs for an object whose constructor threw.
    private readonly DirectoryInfo? _folder;

    private TemporaryVideo(Func<string, string> fill)
    {
        _folder = Directory.CreateTempSubdirectory("mofo-video-");
        try
        {
            Path = fill(_folder.FullName);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Where the video lies.</summary>
    public string Path { get; }

    /// <summary>SHA-256 of what it holds; null where it was not computed.</summary>
    internal string? Content { get; init; }

    /// <summary>The bytes of a video file, from where the stream stands to its end. What kind of video it is, shows when it is read.</summary>
    /// <param name="content">The stream, which stays open.</param>
    /// <returns>The video.</returns>
    /// <exception cref="IOException">The folder for temporary files is missing, there is no room for the video, or the stream fails.</exception>
    /// <exception cref="UnauthorizedAccessException">Nothing may be written into the folder for temporary files.</exception>
    public static TemporaryVideo FromStream(Stream content)
    {
        ArgumentNullException.ThrowIfNull(content);
        return new TemporaryVideo(folder => Write(folder, content.CopyTo));
    }

    /// <summary>The bytes of a video file.</summary>
    /// <param name="content">The file.</param>
    /// <returns>The video.</returns>
    /// <exception cref="IOException">The folder for temporary files is missing, or there is no room for the video.</exception>
    /// <exception cref="UnauthorizedAccessException">Nothing may be written into the folder for temporary files.</exception>
    public static TemporaryVideo FromBytes(byte[] content)
    {
        ArgumentNullException.ThrowIfNull(content);
        return FromBytes(content, hash: null);
    }

    /// <summary>The bytes of a video file whose hash is known.</summary>
    internal static TemporaryVideo FromBytes(byte[] content, string? hash) => new(folder => Write(folder, file => file.Write(content))) { Content = hash };

    /// <summary>Frames, without loss. They have no rate: what is given in seconds, such as segments, does not apply to them.</summary>
    /// <param name="frames">One image per frame, all of one size; transparency is ignored. They stay the caller's.</param>
    /// <returns>The video.</returns>
    /// <exception cref="ArgumentException">There is no frame, or one has another size than the first; names it.</exception>
    /// <exception cref="IOException">The folder for temporary files is missing, or there is no room for the frames.</exception>
    /// <exception cref="UnauthorizedAccessException">Nothing may be written into the folder for temporary files.</exception>
    public static TemporaryVideo FromImages(IEnumerable<MLImage> frames)
    {
        ArgumentNullException.ThrowIfNull(frames);
        return new TemporaryVideo(folder =>
        {
            PictureFiles.Write(folder, frames);
            return folder;
        });
    }

    /// <summary>Removes the video; so does the garbage collector, later.</summary>
    public void Dispose()
    {
        Remove();
        GC.SuppressFinalize(this);
    }

    /// <summary>Removes the video that was not disposed of.</summary>
    [SuppressMessage("Design", "MA0055:Do not use finalizer", Justification = "A row of a view may keep a video and has no owner to dispose of it.")]
    ~TemporaryVideo()
    {
        Remove();
    }

    private static string Write(string folder, Action<Stream> write)
    {
        var path = System.IO.Path.Combine(folder, "video");
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        write(file);
        return path;
    }

    private void Remove()
    {
        try
        {
            _folder?.Delete(recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Gone already, or read at this moment by a system that does not let go of open files.
        }
    }
}
