using System.Text;

namespace Mofo.ML.Transforms.VideoLists;

/// <summary>Lines of a UTF-8 text file, with or without byte order marks, with any line ends.</summary>
/// <remarks>Files that were joined (<c>cat a.csv b.csv</c>) have a byte order mark at the start of a later line too; none is part of a line.</remarks>
internal static class TextLines
{
    public const char ByteOrderMark = '\uFEFF';

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="InvalidDataException">The file is not UTF-8.</exception>
    public static string[] Read(string path)
    {
        try
        {
            return Array.ConvertAll(File.ReadAllLines(path, Strict), line => line.TrimStart(ByteOrderMark));
        }
        catch (DecoderFallbackException e)
        {
            throw new InvalidDataException($"'{path}' is not a UTF-8 text file.", e);
        }
    }
}
