using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Mofo.ML.Trainers.Weights.Facts;

namespace Mofo.ML.Trainers.Training.Checkpoints;

/// <summary>Where a training stands, apart from its tensors: all that is needed to go on as if it had never stopped.</summary>
internal sealed record CheckpointState
{
    /// <summary>2 since weight averages warm up and count their updates; a run of format 1 cannot go on to the same bits.</summary>
    public const int CurrentFormat = 2;

    /// <summary>A best loss starts at infinity, which plain JSON cannot say.</summary>
    private static readonly JsonSerializerOptions Json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>Version of the file format; a file of another version is refused.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>Version of the library that wrote the file, for people who read it.</summary>
    public string WrittenBy { get; init; } = typeof(CheckpointState).Assembly.GetName().Version?.ToString() ?? "";

    /// <summary>Epochs that are complete.</summary>
    public required int Epoch { get; init; }

    /// <summary>Optimiser steps taken since the start.</summary>
    public required long Step { get; init; }

    /// <summary>Clips of the epoch in progress that have been used: 0 at the end of an epoch.</summary>
    public long PositionInEpoch { get; init; }

    /// <summary>Everything that must be the same when training goes on (options, data, sizes, seed): name and value in words.</summary>
    [JsonPropertyName(OwnSettings.SettingsOfTraining)]
    public required ImmutableSortedDictionary<string, string> Configuration { get; init; }

    /// <summary>Any other numbers of the training: best loss so far, epochs without gain.</summary>
    public ImmutableSortedDictionary<string, double> Numbers { get; init; } = ImmutableSortedDictionary<string, double>.Empty;

    /// <summary>One sentence per entry of the configuration that differs from <paramref name="current"/>.</summary>
    public IReadOnlyList<string> DifferencesTo(IReadOnlyDictionary<string, string> current)
    {
        var names = Configuration.Keys.Union(current.Keys).Order(StringComparer.Ordinal);
        return [.. from name in names
                   let then = Configuration.GetValueOrDefault(name) ?? "absent"
                   let now = current.GetValueOrDefault(name) ?? "absent"
                   where then != now
                   select $"{name} was {then} and is {now}"];
    }

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <exception cref="JsonException">The text is not a state.</exception>
    /// <exception cref="NotSupportedException">It is one of another version.</exception>
    public static CheckpointState FromJson(string json)
    {
        using var document = JsonDocument.Parse(json);
        if (document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(nameof(Format), out var format)
            && format.ValueKind == JsonValueKind.Number && !(format.TryGetInt32(out var number) && number == CurrentFormat))
        {
            throw new NotSupportedException(Invariant($"it has format {format}, this version reads format {CurrentFormat}"));
        }

        return JsonSerializer.Deserialize<CheckpointState>(json, Json) ?? throw new JsonException("an empty state");
    }
}
