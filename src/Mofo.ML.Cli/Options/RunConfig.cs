using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Mofo.ML.Cli.Options;

/// <summary>All settings of a run as a JSON file: written beside every run, read back by <c>--config</c>.</summary>
/// <remarks>
/// Layout: <c>{"command": "finetune", "arguments": ["clips.csv"], "options": {"epochs": 40, "grad-clip": null, ...}, "versions": {...}}</c>. Option names are those of the command line without
/// their dashes; null is "none"; paths are full. Options on the command line win over those of the file; versions are for people.
/// </remarks>
internal static class RunConfig
{
    /// <summary>Name of the file beside a run.</summary>
    public const string FileName = "run.json";

    private static readonly JsonSerializerOptions Layout = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The file's text.</summary>
    /// <param name="command">Name of the command.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="options">Options by name, with their values as text.</param>
    /// <param name="versions">What computed it.</param>
    public static string Write(string command, IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string>> options, IEnumerable<KeyValuePair<string, string>> versions) =>
        new JsonObject
        {
            ["command"] = command,
            ["arguments"] = new JsonArray([.. arguments.Select(argument => (JsonNode)argument)]),
            ["options"] = new JsonObject(options.Select(option => KeyValuePair.Create(option.Key.TrimStart('-'), Node(option.Value)))),
            ["versions"] = new JsonObject(versions.Select(version => KeyValuePair.Create(version.Key, (JsonNode?)version.Value))),
        }.ToJsonString(Layout) + "\n";

    /// <summary>The command line with what the file adds to it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="args">The command line as the user gave it.</param>
    /// <param name="parsed">The same, parsed; errors of what the file will add do not count.</param>
    /// <exception cref="UsageException">The file is no such file, or of another command.</exception>
    public static string[] Merge(string path, string[] args, ParseResult parsed)
    {
        var file = Read(path);
        var command = parsed.CommandResult.Command;
        if ((string?)file["command"] is { } name && name != command.Name)
        {
            throw new UsageException($"--config: {path} is of the command '{name}', not of '{command.Name}'.");
        }

        var at = Array.IndexOf(args, command.Name) + 1;
        var given = command.Options.Where(option => parsed.GetResult(option) is { Implicit: false }).Select(option => option.Name).ToHashSet();
        var hasArguments = parsed.CommandResult.Children.OfType<ArgumentResult>().Any(argument => argument.Tokens.Count > 0);
        var arguments = hasArguments ? [] : (file["arguments"] as JsonArray ?? []).Select(node => Text(node, path));
        var options = (file["options"] as JsonObject ?? []).Where(pair => !given.Contains("--" + pair.Key)).Select(pair => $"--{pair.Key}={Text(pair.Value, path)}");
        return [.. args[..at], .. arguments, .. args[at..], .. options];
    }

    private static JsonObject Read(string path)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(path)) as JsonObject ?? throw new UsageException($"--config: {path} is no JSON object.");
        }
        catch (JsonException e)
        {
            throw new UsageException($"--config: {path} is no JSON: {e.Message}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--config: {e.Message}");
        }
    }

    /// <summary>Numbers and flags as such, everything else as text; what is read back is the same text.</summary>
    private static JsonNode? Node(string text)
    {
        if (text == OptionText.None)
        {
            return null;
        }

        try
        {
            return text.Length > 0 && (char.IsAsciiDigit(text[^1]) || text is "true" or "false") && JsonNode.Parse(text) is JsonValue value && value.ToJsonString() == text ? value : text;
        }
        catch (JsonException)
        {
            return text;
        }
    }

    private static string Text(JsonNode? node, string path) => node switch
    {
        null => OptionText.None,
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        JsonValue value => value.ToJsonString(),
        _ => throw new UsageException($"--config: {path} has a list or object where a value is expected: {node.ToJsonString()}"),
    };
}
