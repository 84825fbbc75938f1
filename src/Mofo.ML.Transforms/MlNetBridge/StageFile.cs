using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using Mofo.ML.Transforms.Files;

namespace Mofo.ML.Transforms.MlNetBridge;

/// <summary>
/// How a stage lies in ML.NET's model zip: the header that ML.NET asks for, <c>stage.json</c> with the options, and, for stages
/// with weights, <c>weights.safetensors</c> with its SHA-256 kept in the JSON.
/// </summary>
internal sealed class StageFile
{
    /// <summary>Name of the entry with options and state.</summary>
    public const string JsonEntry = "stage.json";

    /// <summary>Format version 1.1: written and readable since the first release.</summary>
    private const uint Version = 0x00010001;

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, Converters = { new JsonStringEnumConverter() } };

    private readonly string _name;
    private readonly VersionInfo _version;
    private readonly string _weightsEntry;

    /// <param name="name">What messages call the stage.</param>
    /// <param name="signature">ML.NET's model signature: exactly 8 characters.</param>
    /// <param name="loaderSignature">The name under which the loader is registered: at most 24 characters.</param>
    /// <param name="assembly">Full name of the assembly that holds the loader; ML.NET loads it by itself.</param>
    /// <param name="weightsEntry">Name of the entry with the weights.</param>
    public StageFile(string name, string signature, string loaderSignature, string assembly, string weightsEntry = "weights.safetensors")
    {
        _name = name;
        _weightsEntry = weightsEntry;
        _version = new VersionInfo(signature, Version, Version, Version, loaderSignature: loaderSignature, loaderAssemblyName: assembly);
    }

    /// <summary>Writes header, weights (where there are any) and state.</summary>
    public void Save<TState>(ModelSaveContext ctx, TState state, Action<Stream>? weights = null)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(_version);
        string? hash = null;
        if (weights is not null)
        {
            StoredEntry.Write(ctx, _weightsEntry, stream =>
            {
                using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
                using var hashing = new HashingStream(stream, sha);
                weights(hashing);
                hash = Convert.ToHexStringLower(sha.GetHashAndReset());
            });
        }

        var json = JsonSerializer.Serialize(new StageState<TState>(hash, state), Json);
        ctx.SaveTextStream(JsonEntry, writer => writer.Write(json));
    }

    /// <summary>Checks the header and reads the state back; weights go to <paramref name="weights"/> with the state.</summary>
    /// <exception cref="FormatException">The file was changed, cut short, or written by a newer version.</exception>
    public TState Load<TState>(ModelLoadContext ctx, Action<TState, Stream>? weights = null)
    {
        if (ctx.Header.ModelVerReadable > Version)
        {
            throw new FormatException(
                $"The saved {_name} was written by a newer version of Mofo.ML (format {Text(ctx.Header.ModelVerWritten)}); this version reads up to {Text(Version)}.");
        }

        ctx.CheckAtModel(_version);
        StageState<TState>? loaded = null;
        if (!ctx.TryLoadTextStream(JsonEntry, reader => loaded = Parse<TState>(reader.ReadToEnd())))
        {
            throw new FormatException($"The saved {_name} has no entry {JsonEntry}: the model file is damaged or was not written by Mofo.ML.");
        }

        if (weights is not null)
        {
            if (!ctx.TryLoadBinaryStream(_weightsEntry, reader => LoadWeights(loaded!, reader.BaseStream, weights)))
            {
                throw new FormatException($"The saved {_name} has no entry {_weightsEntry}: the model file is damaged.");
            }
        }

        return loaded!.State;
    }

    private static string Text(uint version) => Invariant($"{version >> 16}.{version & 0xffff}");

    private StageState<TState> Parse<TState>(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<StageState<TState>>(json, Json) is { State: not null } state ? state : throw new JsonException("it is empty");
        }
        catch (JsonException e)
        {
            throw new FormatException($"{JsonEntry} of the saved {_name} cannot be read ({e.Message}): the model file is damaged.", e);
        }
    }

    private void LoadWeights<TState>(StageState<TState> state, Stream stream, Action<TState, Stream> weights)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var hashing = new HashingStream(stream, sha);
        weights(state.State, hashing);
        hashing.CopyTo(Stream.Null);
        var found = Convert.ToHexStringLower(sha.GetHashAndReset());
        if (found != state.WeightsSha256)
        {
            throw new FormatException(
                $"{_weightsEntry} of the saved {_name} was changed or damaged: its SHA-256 is {found}, expected {state.WeightsSha256}.");
        }
    }

    /// <summary>The JSON entry as it lies in the file.</summary>
    internal sealed record StageState<TState>(string? WeightsSha256, TState State);
}
