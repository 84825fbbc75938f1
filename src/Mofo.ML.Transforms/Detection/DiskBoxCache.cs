using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Mofo.ML.Research;
using Mofo.ML.Transforms.Files;
using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms.Detection;

/// <summary>Boxes on disk, keyed by what the video file holds and by every option that has an influence on the boxes.</summary>
/// <remarks>
/// An entry is a line with the SHA-256 of the rest, then JSON. An entry that does not fit its own hash, or cannot be read, is never trusted:
/// it is reported and computed again. Entries are written beside and renamed, so several processes may share a folder.
/// </remarks>
internal sealed class DiskBoxCache
{
    // Raise it whenever the same options give other boxes.
    private const int Version = 7;
    private readonly string _folder;
    private readonly string _fingerprint;
    private readonly Action<string>? _warning;

    public DiskBoxCache(string folder, MotionDetectionOptions options)
    {
        _folder = Path.GetFullPath(folder);
        _warning = options.Warning;
        _fingerprint = Invariant(
            $"{Version}|{options.Flow}|{options.FlowShortSide}|{options.Quantize}|{options.Rules}|{options.ReleaseCompatible}|{options.Window}|{options.CompensateCamera}")
            + Invariant($"|{options.FineSigma:R}|{options.PeakCut:R}|{options.DeviationCut:R}|{options.WideSigma:R}|{options.AreaCut:R}|{options.MinimumMotion:R}");
        if (options.Flow == OpticalFlowAlgorithm.TvL1 && options.TvL1 != new TvL1Parameters())
        {
            _fingerprint += $"|{JsonSerializer.Serialize(options.TvL1)}"; // a record's ToString depends on the culture
        }
    }

    /// <summary>Name of the entry: SHA-256 over the content of the video and the options.</summary>
    /// <exception cref="VideoException">The video cannot be opened.</exception>
    public string KeyOf(string videoPath, Action checkCancelled) => ContentHash.Of(videoPath, _fingerprint, checkCancelled);

    /// <summary>The boxes stored under a key; null when there are none that can be trusted.</summary>
    public BoxTrack? Find(string key)
    {
        var path = PathOf(key);
        try
        {
            if (!File.Exists(path))
            {
                return null;
            }

            var text = File.ReadAllText(path);
            var line = text.IndexOf('\n', StringComparison.Ordinal);
            if (line < 0 || text[..line] != HashOf(text[(line + 1)..]))
            {
                throw new InvalidDataException("its checksum does not fit its content");
            }

            var entry = JsonSerializer.Deserialize<Entry>(text.AsSpan(line + 1)) ?? throw new InvalidDataException("it is empty");
            return entry.ToTrack();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException or InvalidDataException or ArgumentException)
        {
            _warning?.Invoke($"The cached boxes in '{path}' are damaged ({error.Message.TrimEnd('.')}) and are computed again.");
            return null;
        }
    }

    /// <summary>Stores boxes; a folder that cannot be written is reported, the boxes are still good.</summary>
    public void Store(string key, BoxTrack track)
    {
        var path = PathOf(key);
        try
        {
            var json = JsonSerializer.Serialize(Entry.From(track));
            AtomicFile.WriteText(path, $"{HashOf(json)}\n{json}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _warning?.Invoke($"The boxes could not be cached in '{path}': {error.Message}");
        }
    }

    private static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    // Two letters of the key as a subfolder keep folders small for large data sets.
    private string PathOf(string key) => Path.Combine(_folder, key[..2], key + ".boxes");

    private sealed record Entry(int Width, int Height, float Strength, bool Found, float[] Union, float[] Boxes)
    {
        public static Entry From(BoxTrack track) => new(
            track.FrameWidth, track.FrameHeight, track.MotionStrength, track.MotionFound,
            [track.Union.X1, track.Union.Y1, track.Union.X2, track.Union.Y2], track.ToValues(BoxMode.PerFrame));

        public BoxTrack ToTrack() =>
            Union is { Length: 4 } && Boxes is { Length: > 0 } && Boxes.Length % 4 == 0
                ? new BoxTrack(Width, Height, Boxes.Chunk(4).Select(Box), Box(Union), Strength, Found)
                : throw new InvalidDataException("boxes are not four numbers each");

        private static MotionBox Box(float[] v) => new(v[0], v[1], v[2], v[3]);
    }
}
