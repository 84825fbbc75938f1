using Microsoft.ML;
using Microsoft.ML.Data;
using Mofo.ML.Trainers.Metrics;

namespace Mofo.ML.Trainers;

/// <summary>The feature vectors of a set of videos, read once: for a search, a probe, or any other program.</summary>
public sealed class VideoFeatures
{
    private readonly VideoTable<float> _table;

    private VideoFeatures(VideoTable<float> table) => _table = table;

    /// <summary>Videos.</summary>
    public int Count => _table.Rows.Count;

    /// <summary>Values of a vector.</summary>
    public int Size => _table.NumberColumns.Count;

    /// <summary>Videos that could not be read: all their values are NaN.</summary>
    public int Missing => _table.Rows.Count(row => row.Numbers.Any(float.IsNaN));

    /// <summary>The path of each video, as the data named it.</summary>
    public IReadOnlyList<string> VideoPaths => [.. _table.Rows.Select(row => row.Texts[0]!)];

    /// <summary>The vector of each video, in the same order.</summary>
    public IReadOnlyList<IReadOnlyList<float>> Vectors => [.. _table.Rows.Select(row => row.Numbers)];

    /// <summary>Reads a view with features; this is where lazy features are computed.</summary>
    /// <param name="view">The view.</param>
    /// <param name="featureColumnName">The features: a vector of Single of known size.</param>
    /// <param name="labelColumnName">The labels: text, numbers or booleans; null, or a name that is not there, for data without labels.</param>
    /// <param name="videoColumnName">The video paths (text).</param>
    /// <returns>All rows.</returns>
    /// <exception cref="ArgumentException">A column is missing or of another type.</exception>
    public static VideoFeatures Read(IDataView view, string featureColumnName = "Features", string? labelColumnName = "Label", string videoColumnName = "VideoPath")
    {
        ArgumentNullException.ThrowIfNull(view);
        var (features, video) = (ViewColumns.Get(view, featureColumnName, nameof(featureColumnName)), ViewColumns.Get(view, videoColumnName, nameof(videoColumnName)));
        var label = labelColumnName is null ? null : view.Schema.GetColumnOrNull(labelColumnName);
        ViewColumns.Require(features.Type is VectorDataViewType { ItemType.RawType: var item, Size: > 0 } && item == typeof(float), features, "a vector of Single of known size", nameof(featureColumnName));
        ViewColumns.Require(video.Type is TextDataViewType, video, "text", nameof(videoColumnName));
        ViewColumns.Require(label is null || LabelText.Fits(label.Value.Type), label ?? video, "text or a number", nameof(labelColumnName));
        using var cursor = view.GetRowCursor(label is { } labels ? [features, video, labels] : [features, video]);
        var vector = cursor.GetGetter<VBuffer<float>>(features);
        var path = cursor.GetGetter<ReadOnlyMemory<char>>(video);
        var labelOf = label is { } column ? LabelText.Reader(cursor, column) : () => null;
        var (values, text, rows) = (default(VBuffer<float>), default(ReadOnlyMemory<char>), new List<VideoTableRow<float>>());
        while (cursor.MoveNext())
        {
            vector(ref values);
            path(ref text);
            rows.Add(new VideoTableRow<float>([text.ToString(), labelOf()], [.. values.DenseValues()]));
        }

        var size = ((VectorDataViewType)features.Type).Size;
        return new VideoFeatures(new VideoTable<float>(["VideoPath", "Label"], [.. Enumerable.Range(0, size).Select(k => Invariant($"{featureColumnName}{k}"))], rows));
    }

    /// <summary>Writes one line per video: path, label, one column per value (<c>Features0</c>, <c>Features1</c>, ...).</summary>
    /// <param name="path">The file; replaced as a whole.</param>
    /// <remarks>RFC 4180, invariant numbers that read back as they were; the label is empty where there is none.</remarks>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SaveCsv(string path) => VideoTableCsv.Save(_table, path);

    /// <summary>Writes the same table as <see cref="SaveCsv"/> as Apache Parquet, values as floats.</summary>
    /// <param name="path">The file; replaced as a whole.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SaveParquet(string path) => VideoTableParquet.Save(_table, path);
}
