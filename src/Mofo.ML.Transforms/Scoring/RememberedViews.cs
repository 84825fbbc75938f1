using System.Collections.Concurrent;
using Mofo.ML.Transforms.Clips;
using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms.Scoring;

/// <summary>Keeps the views of rows that are scored again and again, 8 bits a value, so that a video is decoded once; the pixels are the same, kept or not.</summary>
/// <remarks>Rows are identified by path and row number. A video that could not be read has no views from then on: it is reported once, not in every pass.</remarks>
/// <param name="views">Which views.</param>
/// <param name="capacity">Bytes of pixels kept at most; videos beyond it are decoded each time.</param>
internal sealed class RememberedViews(ScoringViews views, long capacity) : IViewSource
{
    private readonly ConcurrentDictionary<(string Path, long? Row), Kept[]> _rows = new();
    private long _held;

    /// <inheritdoc/>
    public int Count => views.Count;

    /// <inheritdoc/>
    public ViewClip[] Load(ClipSource source, VideoReading? reading = null, PassingViews? passing = null, CancellationToken cancel = default)
    {
        var key = (source.VideoPath, source.Row);
        if (_rows.TryGetValue(key, out var kept))
        {
            return Array.ConvertAll(kept, view => view.ToView(views));
        }

        Clip[] crops;
        try
        {
            crops = views.LoadCrops(source, reading, passing, cancel);
        }
        catch (VideoException)
        {
            _rows[key] = [];
            throw;
        }

        try
        {
            Keep(key, crops);
            return Array.ConvertAll(crops, crop => new ViewClip(views.MakePixels(crop, views.Normalization), crop.Boxes));
        }
        finally
        {
            Array.ForEach(crops, crop => crop.Dispose());
        }
    }

    private void Keep((string, long?) key, Clip[] crops)
    {
        var bytes = crops.Sum(crop => (long)crop.Pixels.Length);
        if (Interlocked.Add(ref _held, bytes) > capacity || !_rows.TryAdd(key, Array.ConvertAll(crops, Kept.Of)))
        {
            _ = Interlocked.Add(ref _held, -bytes);
        }
    }

    private sealed record Kept(byte[] Pixels, MotionBox[] Boxes, int Width, int Height)
    {
        public static Kept Of(Clip crop) => new(crop.Pixels.ToArray(), crop.Boxes, crop.Width, crop.Height);

        public ViewClip ToView(ScoringViews views)
        {
            using var crop = new Clip(Boxes.Length, Width, Height);
            Pixels.CopyTo(crop.Pixels);
            return new ViewClip(views.MakePixels(crop, views.Normalization), Boxes);
        }
    }
}
