using System.Text.Json;

namespace Mofo.ML.Transforms.MotionBoxes;

/// <summary>One pass over a box file, token by token: the files of large data sets are near a gigabyte, their boxes a fiftieth of it.</summary>
internal ref struct BoxJsonReader
{
    private readonly string _path;
    private readonly Dictionary<string, IReadOnlyList<MotionBox>> _videos = new(StringComparer.Ordinal);
    private Utf8JsonReader _json;
    private string _video = "";

    public BoxJsonReader(ReadOnlySpan<byte> json, string path)
    {
        // A byte-order mark is no JSON.
        _json = new Utf8JsonReader(json.StartsWith("\uFEFF"u8) ? json[3..] : json);
        _path = path;
    }

    public Dictionary<string, IReadOnlyList<MotionBox>> ReadAll()
    {
        try
        {
            Next("an object or a list of objects", JsonTokenType.StartObject, JsonTokenType.StartArray);
            if (_json.TokenType == JsonTokenType.StartObject)
            {
                ReadVideos();
            }
            else
            {
                while (Next("an object", JsonTokenType.StartObject, JsonTokenType.EndArray) != JsonTokenType.EndArray)
                {
                    ReadVideos();
                }
            }

            return _json.Read() ? throw Wrong("text after its end") : _videos;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            // InvalidOperationException: a name that is no valid UTF-8 or UTF-16. FormatException: a number beyond all limits.
            throw new InvalidDataException($"Box file '{_path}' is no valid JSON: {error.Message}", error);
        }
    }

    private void ReadVideos()
    {
        while (Next("a video", JsonTokenType.PropertyName, JsonTokenType.EndObject) != JsonTokenType.EndObject)
        {
            _video = _json.GetString()!;
            Next("a list of frames", JsonTokenType.StartArray);
            var frames = new List<MotionBox>();
            while (Next("a frame", JsonTokenType.StartObject, JsonTokenType.EndArray) != JsonTokenType.EndArray)
            {
                frames.Add(ReadFrame());
            }

            if (!_videos.TryAdd(_video, frames))
            {
                throw Wrong("the same video twice");
            }
        }
    }

    private MotionBox ReadFrame()
    {
        var box = MotionBox.Empty;
        while (Next("'labels'", JsonTokenType.PropertyName, JsonTokenType.EndObject) != JsonTokenType.EndObject)
        {
            if (!_json.ValueTextEquals("labels"u8))
            {
                _json.Skip();
                continue;
            }

            Next("a list of labels", JsonTokenType.StartArray);
            while (Next("a label", JsonTokenType.StartObject, JsonTokenType.EndArray) != JsonTokenType.EndArray)
            {
                var label = ReadLabel();
                // The first box is taken as it is, also where it has no area, so that writing gives back what was read.
                box = box == MotionBox.Empty ? label ?? box : box.Union(label ?? MotionBox.Empty);
            }
        }

        return box;
    }

    private MotionBox? ReadLabel()
    {
        MotionBox? box = null;
        while (Next("'box2d'", JsonTokenType.PropertyName, JsonTokenType.EndObject) != JsonTokenType.EndObject)
        {
            if (_json.ValueTextEquals("box2d"u8))
            {
                box = ReadBox();
            }
            else
            {
                _json.Skip();
            }
        }

        return box;
    }

    private MotionBox ReadBox()
    {
        Next("a box", JsonTokenType.StartObject);
        float? x1 = null, y1 = null, x2 = null, y2 = null;
        while (Next("a coordinate", JsonTokenType.PropertyName, JsonTokenType.EndObject) != JsonTokenType.EndObject)
        {
            var name = _json.GetString();
            Next("a number", JsonTokenType.Number);
            var value = _json.GetSingle();
            switch (name)
            {
                case "x1": x1 = value; break;
                case "y1": y1 = value; break;
                case "x2": x2 = value; break;
                case "y2": y2 = value; break;
                default: throw Wrong($"the coordinate '{name}', where x1, y1, x2, y2 were expected");
            }
        }

        return x1 is { } a && y1 is { } b && x2 is { } c && y2 is { } d && float.IsFinite(a + b + c + d)
            ? new MotionBox(a, b, c, d)
            : throw Wrong("a box without four finite coordinates x1, y1, x2, y2");
    }

    private JsonTokenType Next(string expected, params ReadOnlySpan<JsonTokenType> allowed)
    {
        if (!_json.Read())
        {
            throw Wrong($"its end, where {expected} was expected");
        }

        return allowed.Contains(_json.TokenType) ? _json.TokenType : throw Wrong($"{_json.TokenType}, where {expected} was expected");
    }

    private readonly InvalidDataException Wrong(string found) =>
        new(Invariant($"Box file '{_path}'{(_video.Length > 0 ? $", video '{_video}'" : "")}: found {found} (byte {_json.TokenStartIndex})."));
}
