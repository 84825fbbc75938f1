using Microsoft.Data.Analysis;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.MotionBoxes;

namespace Mofo.ML.Research;

/// <summary>How much of the frame the motion boxes cover, over a data set: what the original's box-ratio scripts count.</summary>
/// <remarks>Shares are of the frame's width, height or area, in [0, 1]. A mask ratio inside the box means little where boxes cover nearly everything or nothing.</remarks>
public static class BoxCoverage
{
    /// <summary>Name of the column with the video.</summary>
    public const string VideoColumn = "Video";

    /// <summary>One row for each video.</summary>
    /// <param name="tracks">Names and boxes; taken one by one.</param>
    /// <returns>
    /// Columns Video, Frames, FrameWidth, FrameHeight, MotionFound, MotionStrength; UnionWidth, UnionHeight and UnionArea (shares of the union box);
    /// FrameArea, FrameAreaLeast and FrameAreaMost (mean, least and greatest share of the frames' own boxes).
    /// </returns>
    public static DataFrame PerVideo(IEnumerable<KeyValuePair<string, BoxTrack>> tracks)
    {
        ArgumentNullException.ThrowIfNull(tracks);
        var table = new CoverageTable();
        foreach (var (name, track) in tracks)
        {
            table.Add(name, track.FrameWidth, track.FrameHeight, track.PerFrame, track.Union, track.MotionFound, track.MotionStrength);
        }

        return table.ToDataFrame();
    }

    /// <summary>One row for each video of a box file, e.g. the original's.</summary>
    /// <param name="boxes">What <see cref="BoxJson.Read"/> gives.</param>
    /// <param name="frameSize">Width and height of a video's frames in pixels; box files do not hold them.</param>
    /// <returns>The columns of the other overload; MotionFound and MotionStrength, which box files do not hold, are null.</returns>
    /// <exception cref="InvalidDataException">A video has no box at all, or its frame size is below 1.</exception>
    public static DataFrame PerVideo(IReadOnlyDictionary<string, IReadOnlyList<MotionBox>> boxes, Func<string, (int Width, int Height)> frameSize)
    {
        ArgumentNullException.ThrowIfNull(boxes);
        ArgumentNullException.ThrowIfNull(frameSize);
        var table = new CoverageTable();
        foreach (var (name, frames) in boxes)
        {
            var (width, height) = frameSize(name);
            if (frames.Count == 0 || width < 1 || height < 1)
            {
                throw new InvalidDataException(Invariant($"Video '{name}' has {frames.Count} boxes and a frame of {width}x{height}; at least one box and one pixel are needed."));
            }

            table.Add(name, width, height, frames, frames.Aggregate(MotionBox.Empty, (all, box) => all.Union(box)), null, null);
        }

        return table.ToDataFrame();
    }

    /// <summary>Mean, standard deviation, extremes and quartiles of every share.</summary>
    /// <param name="perVideo">What <see cref="PerVideo(IEnumerable{KeyValuePair{string, BoxTrack}})"/> gives.</param>
    /// <returns>Columns Statistic, UnionWidth, UnionHeight, UnionArea, FrameArea; rows mean, std, min, 25 %, 50 %, 75 %, max. NaN where there is no video.</returns>
    public static DataFrame Summary(DataFrame perVideo)
    {
        ArgumentNullException.ThrowIfNull(perVideo);
        var shares = new[] { CoverageTable.UnionWidth, CoverageTable.UnionHeight, CoverageTable.UnionArea, CoverageTable.FrameArea };
        var columns = shares.Select(name => new DoubleDataFrameColumn(name, ShareStatistics.Of(CoverageTable.Values(perVideo, name))));
        return new DataFrame([new StringDataFrameColumn("Statistic", ShareStatistics.Names), .. columns]);
    }

    /// <summary>How many videos have a union box of which size.</summary>
    /// <param name="perVideo">What <see cref="PerVideo(IEnumerable{KeyValuePair{string, BoxTrack}})"/> gives.</param>
    /// <param name="bins">Equal parts of [0, 1]; in [1, 1000].</param>
    /// <returns>Columns From, To (area share; the last bin includes 1), Videos, Share (of all videos; NaN where there is no video).</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number of bins is out of its range.</exception>
    public static DataFrame Histogram(DataFrame perVideo, int bins = 10)
    {
        ArgumentNullException.ThrowIfNull(perVideo);
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bins, 1000);
        var areas = CoverageTable.Values(perVideo, CoverageTable.UnionArea);
        var counts = new int[bins];
        foreach (var area in areas)
        {
            counts[Math.Clamp((int)(area * bins), 0, bins - 1)]++;
        }

        return new DataFrame(
            new DoubleDataFrameColumn("From", counts.Select((_, i) => i / (double)bins)),
            new DoubleDataFrameColumn("To", counts.Select((_, i) => (i + 1) / (double)bins)),
            new Int32DataFrameColumn("Videos", counts),
            new DoubleDataFrameColumn("Share", counts.Select(count => count / (double)areas.Length)));
    }
}
