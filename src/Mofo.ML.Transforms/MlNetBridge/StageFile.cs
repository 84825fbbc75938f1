using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using Mofo.ML.Transforms.Files;

namespace Mofo.ML.Transforms.MlNetBridge;

/// <summary>
/// How a stage lies in ML.NET's model zip: the header that ML.NET asks for, <c>stage.json</c> with the options, <c>stage.sha256</c> with the hash of that, and,
/// for stages with weights, <c>weights.safetensors</c> with its SHA-256 kept in the JSON.
/// </summary>
internal sealed class StageFile
{
    /// <summary>Name of the entry with options and state.</summary>
    public const string JsonEntry = "stage.json";

    /// <summary>Name of the entry with the SHA-256 of the other's text.</summary>
    private const string HashEntry = "stage.sha256";

    /// <summary>Format 1.1: the first. Every version reads it.</summary>
    private const uint First = 0x00010001;

    /// <summary>Format 1.2: the hash entry came; what reads 1.1 reads it too.</summary>
    private const uint Current = 0x00010002;

    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false) },
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

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
        _version = new VersionInfo(signature, Current, First, First, loaderSignature: loaderSignature, loaderAssemblyName: assembly);
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
                using var hashing = new HashingStream(stream, sha.AppendData);
                weights(hashing);
                hash = Convert.ToHexStringLower(sha.GetHashAndReset());
            });
        }

        var json = JsonSerializer.Serialize(new StageState<TState>(hash, state), Json);
        ctx.SaveTextStream(JsonEntry, writer => writer.Write(json));
        ctx.SaveTextStream(HashEntry, writer => writer.Write(HashOf(json)));
    }

    /// <summary>Checks the header, reads the state and makes the stage of it.</summary>
    /// <param name="ctx">ML.NET's context.</param>
    /// <param name="make">State to stage; what it says against the values of the state counts as damage of the file.</param>
    /// <exception cref="FormatException">The file was changed, cut short, or written by a newer version.</exception>
    public TStage Load<TState, TStage>(ModelLoadContext ctx, Func<TState, TStage> make) => Make(() => make(Read<TState>(ctx).State));

    /// <summary>The same for a stage with weights: <paramref name="make"/> gets them too, and may leave some unread.</summary>
    /// <exception cref="FormatException">The file was changed, cut short, or written by a newer version.</exception>
    public TStage Load<TState, TStage>(ModelLoadContext ctx, Func<TState, Stream, TStage> make)
        where TStage : class
    {
        var state = Read<TState>(ctx);
        if (StoredEntry.TryOpen(ctx, _weightsEntry) is { } stored)
        {
            using (stored)
            {
                return Make(state, stored, make);
            }
        }

        TStage? stage = null;
        if (!ctx.TryLoadBinaryStream(_weightsEntry, reader => stage = Make(state, reader.BaseStream, make)))
        {
            throw new FormatException($"The saved {_name} has no entry {_weightsEntry}: the model file is damaged.");
        }

        return stage!;
    }

    private static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string Text(uint version) => $"{version >> 16}.{version & 0xffff}";

    private StageState<TState> Read<TState>(ModelLoadContext ctx)
    {
        if (ctx.Header.ModelVerReadable > Current)
        {
            throw new FormatException(
                $"The saved {_name} was written by a newer version of Mofo.ML (format {Text(ctx.Header.ModelVerWritten)}); this version reads up to {Text(Current)}.");
        }

        ctx.CheckAtModel(_version);
        var json = ReadText(ctx, JsonEntry)
            ?? throw new FormatException($"The saved {_name} has no entry {JsonEntry}: the model file is damaged or was not written by Mofo.ML.");
        if (ctx.Header.ModelVerWritten > First && ReadText(ctx, HashEntry) is var hash && hash?.Trim() != HashOf(json))
        {
            throw new FormatException($"{JsonEntry} of the saved {_name} was changed or damaged: its SHA-256 is {HashOf(json)}, expected {hash ?? "one in " + HashEntry}.");
        }

        return Parse<TState>(json);
    }

    private string? ReadText(ModelLoadContext ctx, string entry)
    {
        try
        {
            string? text = null;
            return ctx.TryLoadTextStream(entry, reader => text = reader.ReadToEnd()) ? text : null;
        }
        catch (InvalidDataException e)
        {
            throw new FormatException($"{entry} of the saved {_name} cannot be unpacked ({e.Message}): the model file is damaged.", e);
        }
    }

    private StageState<TState> Parse<TState>(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<StageState<TState>>(json, Json) is { State: not null } state ? state : throw new JsonException("it has no State");
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw new FormatException($"{JsonEntry} of the saved {_name} cannot be read ({e.Message}): the model file is damaged.", e);
        }
    }

    private TStage Make<TStage>(Func<TStage> make)
    {
        try
        {
            return make();
        }
        catch (Exception e) when (e is ArgumentException or FormatException or OverflowException)
        {
            throw new FormatException($"{JsonEntry} of the saved {_name} has values that cannot be used ({e.Message}): the model file was changed or damaged.", e);
        }
    }

    private TStage Make<TState, TStage>(StageState<TState> state, Stream stream, Func<TState, Stream, TStage> make)
        where TStage : class
    {
        using var sha = new BackgroundHash();
        using var hashing = new HashingStream(stream, sha.Append);
        TStage stage;
        try
        {
            stage = Make(() => make(state.State, hashing));
        }
        catch (Exception e)
        {
            // Where the weights are damaged, that is the reason to name, whatever it was that failed because of them.
            ThrowIfChanged(state.WeightsSha256, hashing, sha, e);
            throw;
        }

        try
        {
            ThrowIfChanged(state.WeightsSha256, hashing, sha, null);
            return stage;
        }
        catch
        {
            (stage as IDisposable)?.Dispose();
            throw;
        }
    }

    private void ThrowIfChanged(string? expected, Stream stream, BackgroundHash sha, Exception? cause)
    {
        try
        {
            stream.CopyTo(Stream.Null);
        }
        catch (InvalidDataException e)
        {
            throw new FormatException($"{_weightsEntry} of the saved {_name} cannot be unpacked ({e.Message}): the model file is damaged.", e);
        }

        var found = Convert.ToHexStringLower(sha.Finish());
        if (found != expected)
        {
            throw new FormatException(
                $"{_weightsEntry} of the saved {_name} was changed or damaged: its SHA-256 is {found}, expected {expected ?? "one in " + JsonEntry}.", cause);
        }
    }

    /// <summary>The JSON entry as it lies in the file.</summary>
    internal sealed record StageState<TState>(string? WeightsSha256, TState State);
}
