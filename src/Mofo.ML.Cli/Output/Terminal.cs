using System.Text.Json;
using Spectre.Console;

namespace Mofo.ML.Cli.Output;

/// <summary>Where a command speaks: to people in colours or, where the output goes to a file, as plain lines; to programs as one JSON document.</summary>
internal sealed class Terminal
{
    /// <summary>A file has no width; paths and tables are not broken.</summary>
    private const int WidthOfFiles = 500;

    private static readonly JsonSerializerOptions Layout = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly TextWriter _output;
    private readonly Lock _gate = new();
    private readonly OrderedDictionary<string, bool> _warned = [];

    /// <param name="output">The output for results.</param>
    /// <param name="errors">The output for errors and, with <paramref name="json"/>, for everything that is meant for people.</param>
    /// <param name="json">Whether the output is one JSON document.</param>
    public Terminal(TextWriter output, TextWriter errors, bool json)
    {
        (_output, IsJson) = (output, json);
        Human = Console(json ? errors : output);
        Errors = Console(errors);
    }

    /// <summary>Whether results are written as JSON.</summary>
    public bool IsJson { get; }

    public IAnsiConsole Human { get; }

    /// <summary>The warnings so far.</summary>
    public IReadOnlyList<string> Warnings
    {
        get
        {
            lock (_gate)
            {
                return [.. _warned.Keys];
            }
        }
    }

    private IAnsiConsole Errors { get; }

    public void Say(string text) => Human.WriteLine(text);

    /// <summary>A warning, once however often it is given.</summary>
    public void Warn(string text)
    {
        lock (_gate)
        {
            if (_warned.TryAdd(text, true))
            {
                Errors.MarkupLineInterpolated($"[yellow]warning:[/] {text}");
            }
        }
    }

    public void Fail(string text) => Errors.MarkupLineInterpolated($"[red]error:[/] {text}");

    /// <summary>What to do after an error.</summary>
    public void Advise(string text) => Errors.WriteLine(text);

    /// <summary>A table for people; columns of figures are aligned on the right.</summary>
    public void Table(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> lines)
    {
        var rows = lines.ToList();
        var table = new Table { Border = TableBorder.Simple };
        for (var i = 0; i < columns.Count; i++)
        {
            table.AddColumn(new TableColumn(Markup.Escape(columns[i])) { Alignment = rows.All(row => IsFigure(row[i])) ? Justify.Right : Justify.Left });
        }

        foreach (var row in rows)
        {
            table.AddRow([.. row.Select(Markup.Escape)]);
        }

        Human.Write(table);
    }

    /// <summary>The result for programs; says nothing to people.</summary>
    public void Result(object result)
    {
        if (IsJson)
        {
            _output.WriteLine(JsonSerializer.Serialize(result, Layout));
        }
    }

    private static bool IsFigure(string cell) => cell == "-" || (cell.Length is > 0 and < 16 && char.IsAsciiDigit(cell[0]));

    private static IAnsiConsole Console(TextWriter writer)
    {
        var isTerminal = (writer == System.Console.Out && !System.Console.IsOutputRedirected) || (writer == System.Console.Error && !System.Console.IsErrorRedirected);
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer), Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No });
        if (!console.Profile.Capabilities.Ansi)
        {
            console.Profile.Width = WidthOfFiles;
        }

        return console;
    }
}
