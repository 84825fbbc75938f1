using System.Text.Json;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.Files;
using Mofo.ML.Transforms.MotionBoxes;

namespace Mofo.ML.Research;

/// <summary>The box files of the original (<c>Unsupervised_BB_SSV2.json</c>, <c>Unsupervised_BB_EPIC_100.json</c>).</summary>
/// <remarks>
/// Layout: <c>{"video": [{"labels": [{"box2d": {"x1": 1, "y1": 2, "x2": 3, "y2": 4}, "gt_annotation": "union"}]}, …one per frame], …}</c>.
/// The original's step before the joining of its workers' files gives a list of such objects; both are read, the joined one is written.
/// Coordinates are pixels; the original counts x2 and y2 as the last pixel inside, which is kept as it stands.
/// </remarks>
public static class BoxJson
{
    /// <summary>Reads all boxes of a file.</summary>
    /// <param name="path">The JSON file.</param>
    /// <returns>Per video one box per frame; <see cref="MotionBox.Empty"/> for a frame without a label, the hull where it has several.</returns>
    /// <exception cref="InvalidDataException">The file is no such JSON; names file, video and what was found.</exception>
    public static IReadOnlyDictionary<string, IReadOnlyList<MotionBox>> Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Parse(File.ReadAllBytes(path), path);
    }

    /// <summary>Writes boxes in the joined layout; the file is replaced as a whole or not at all.</summary>
    /// <param name="path">The JSON file.</param>
    /// <param name="tracks">Video names and their boxes; taken one by one.</param>
    /// <param name="mode">The union in every frame, as the original has it, or each frame's own box.</param>
    public static void Write(string path, IEnumerable<KeyValuePair<string, BoxTrack>> tracks, BoxMode mode = BoxMode.Union)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(tracks);
        AtomicFile.Write(path, stream => Write(stream, tracks, mode));
    }

    internal static Dictionary<string, IReadOnlyList<MotionBox>> Parse(ReadOnlySpan<byte> json, string path)
    {
        var reader = new BoxJsonReader(json, path);
        return reader.ReadAll();
    }

    internal static void Write(Stream stream, IEnumerable<KeyValuePair<string, BoxTrack>> tracks, BoxMode mode)
    {
        using var writer = new Utf8JsonWriter(stream);
        writer.WriteStartObject();
        foreach (var (name, track) in tracks)
        {
            writer.WriteStartArray(name);
            foreach (var own in track.PerFrame)
            {
                WriteFrame(writer, mode == BoxMode.Union ? track.Union : own, mode);
            }

            writer.WriteEndArray();
            writer.Flush(); // large data sets do not pile up in memory
        }

        writer.WriteEndObject();
    }

    private static void WriteFrame(Utf8JsonWriter writer, MotionBox box, BoxMode mode)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("labels");
        writer.WriteStartObject();
        writer.WriteStartObject("box2d");
        writer.WriteNumber("x1", box.X1);
        writer.WriteNumber("y1", box.Y1);
        writer.WriteNumber("x2", box.X2);
        writer.WriteNumber("y2", box.Y2);
        writer.WriteEndObject();
        writer.WriteString("gt_annotation", mode == BoxMode.Union ? "union" : "frame");
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
