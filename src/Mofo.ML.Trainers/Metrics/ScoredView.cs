using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Mofo.ML.Transforms.MlNetBridge;
using Mofo.ML.Transforms.Scoring;

namespace Mofo.ML.Trainers.Metrics;

/// <summary>Reads paths, labels and scores out of a scored view.</summary>
internal sealed class ScoredView
{
    private readonly IDataView _view;
    private readonly DataViewSchema.Column _score;
    private readonly DataViewSchema.Column _video;
    private readonly DataViewSchema.Column? _label;

    // The parameters have the names of those of ScoredVideos.Read, which exceptions name.
    public ScoredView(IDataView view, string? labelColumnName, string scoreColumnName, string videoColumnName)
    {
        _view = view;
        (_score, _video) = (ViewColumns.Get(view, scoreColumnName, nameof(scoreColumnName)), ViewColumns.Get(view, videoColumnName, nameof(videoColumnName)));
        _label = labelColumnName is null ? null : view.Schema.GetColumnOrNull(labelColumnName);
        ViewColumns.Require(
            _score.Type is VectorDataViewType { ItemType.RawType: var item, Size: > 0 } && item == typeof(float), _score, "a vector of Single of known size", nameof(scoreColumnName));
        ViewColumns.Require(_video.Type is TextDataViewType, _video, "text", nameof(videoColumnName));
        ViewColumns.Require(_label is null or { Type: KeyDataViewType or TextDataViewType }, _label ?? _video, "a key or text", nameof(labelColumnName));
    }

    public ScoredVideos Read()
    {
        var classes = Classes();
        var inputs = new VideoInputs(_video.Name, null);
        List<DataViewSchema.Column> columns = [_score, .. inputs.Columns(_view.Schema)];
        if (_label is { } labels)
        {
            columns.Add(labels);
            if (Unmapped(labels) is { } hidden)
            {
                columns.Add(hidden);
            }
        }

        using var cursor = _view.GetRowCursor(columns);
        var score = cursor.GetGetter<VBuffer<float>>(_score);
        var video = inputs.Reader(cursor);
        var label = LabelReader(cursor);
        var (values, rows) = (default(VBuffer<float>), new List<ScoredVideo>());
        while (cursor.MoveNext())
        {
            score(ref values);
            rows.Add(new ScoredVideo(video().Path, label(), [.. values.DenseValues().Select(v => (double)v)]));
        }

        return new ScoredVideos(classes, rows);
    }

    /// <summary>Slot names; numbers from 0 where a trainer gave none.</summary>
    private string[] Classes()
    {
        var count = ((VectorDataViewType)_score.Type).Size;
        if (!_score.HasSlotNames())
        {
            return [.. Enumerable.Range(0, count).Select(k => k.ToString(CultureInfo.InvariantCulture))];
        }

        var names = default(VBuffer<ReadOnlyMemory<char>>);
        _score.GetSlotNames(ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }

    private Func<string?> LabelReader(DataViewRow row)
    {
        if (_label is not { } column)
        {
            return () => null;
        }

        if (column.Type is not KeyDataViewType)
        {
            return LabelText.Reader(row, column);
        }

        var names = ClassNames.Of(column);
        var key = Training.Feed.TrainingRow.KeyGetter(row, column);
        var before = Unmapped(column) is { } labels ? LabelText.Reader(row, labels) : () => null;
        return () => key() is var k && k == 0 ? before() : names.Values[(int)k - 1];
    }

    /// <summary>The labels that a key column was made from: MapValueToKey hides them under the same name, with the classes that the key does not know.</summary>
    private DataViewSchema.Column? Unmapped(DataViewSchema.Column key)
    {
        var hidden = _view.Schema.Where(c => c.IsHidden && c.Name == key.Name && LabelText.Fits(c.Type)).ToList();
        return hidden.Count > 0 ? hidden[^1] : null;
    }
}
