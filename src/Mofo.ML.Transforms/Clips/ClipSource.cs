namespace Mofo.ML.Transforms.Clips;

/// <summary>One row of the data: the video, its motion boxes, and its number for error messages.</summary>
/// <param name="VideoPath">File, folder of images, or address of a <see cref="VideoSegment"/>.</param>
/// <param name="MotionBoxes">x1, y1, x2, y2 in source pixels: of every frame, of the whole video (4 values), or none (0 values).</param>
/// <param name="Row">Row number, null when there is none.</param>
/// <param name="Owner">Keeps the file as long as the source is referenced; null for a file of the user's.</param>
internal readonly record struct ClipSource(string VideoPath, ReadOnlyMemory<float> MotionBoxes, long? Row = null, object? Owner = null)
{
    /// <summary>What the video is called from one run of a program to the next: its path, or, where it came as bytes and lies in a temporary file, its content.</summary>
    public string Identity => Owner is TemporaryVideo { Content: { } content } kept ? content + VideoPath[kept.Path.Length..] : VideoPath;

    /// <summary>Reads something of the video; an error that names no row gets this one's.</summary>
    /// <exception cref="VideoException">The file cannot be read; names the row.</exception>
    public T NamingRow<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (VideoException error) when (Row is { } row && error.Row is null)
        {
            throw error.WithRow(row);
        }
    }
}

/// <summary>Gives the sampled frames of videos; the place for a cache of decoded clips in front of <see cref="ClipReader"/>.</summary>
internal interface IClipSource
{
    /// <summary>Several clips of one video in one pass.</summary>
    /// <exception cref="VideoException">The file cannot be read; names the row.</exception>
    Clip[] ReadViews(ClipSource source, Func<int, int[][]> sample);
}
