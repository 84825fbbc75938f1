using ActionRecognition.Evaluation;
using Mofo.ML.Cli.Output;
using Spectre.Console;

namespace ActionRecognition.Report;

/// <summary>What the example says to its user, on a terminal in colours, elsewhere as plain text.</summary>
internal sealed class RunReport
{
    private readonly IAnsiConsole _console;
    private int _chapter;

    public RunReport()
    {
        _console = AnsiConsole.Create(new AnsiConsoleSettings());
        if (!_console.Profile.Capabilities.Ansi)
        {
            // A file has no width; 80 columns would break paths in two.
            _console.Profile.Width = 200;
        }
    }

    /// <summary>Begins the next part of the run.</summary>
    public void Chapter(string title)
    {
        _console.WriteLine();
        _console.MarkupLineInterpolated($"[bold]{++_chapter}. {title}[/]");
    }

    public void Say(string text) => _console.WriteLine($"  {text}");

    /// <summary>Does work with its progress in view.</summary>
    public T Watch<T>(Func<ProgressBoard, T> work) => ProgressBoard.Watch(_console, work);

    /// <summary>Lists clips that cannot be used, with the reason.</summary>
    public void Bad(IReadOnlyList<(string Path, string Reason)> clips)
    {
        if (clips.Count == 0)
        {
            return;
        }

        _console.MarkupLineInterpolated($"  [yellow]Left out: {clips.Count} {(clips.Count == 1 ? "clip" : "clips")} that cannot be read (--strict stops instead).[/]");
        foreach (var (_, reason) in clips)
        {
            Say($"  {reason}");
        }
    }

    /// <summary>A table whose first column is text and whose other columns are figures or remarks.</summary>
    public void Table(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        var table = new Table { Border = TableBorder.Simple };
        for (var i = 0; i < columns.Count; i++)
        {
            table.AddColumn(new TableColumn(Markup.Escape(columns[i])) { Alignment = i == 0 || i == columns.Count - 1 ? Justify.Left : Justify.Right, NoWrap = true });
        }

        foreach (var row in rows)
        {
            table.AddRow([.. row.Select(Markup.Escape)]);
        }

        _console.Write(table);
    }

    /// <summary>The last lines, for people and programs: <c>MotionBoxIoU=</c> where the truth is known, <c>MicroAccuracy=</c>, and <c>FewLabels=</c> with and without pretraining.</summary>
    public static void Results(double? motionBoxIoU, double microAccuracy, FewLabels few)
    {
        Console.WriteLine();
        if (motionBoxIoU is { } overlap)
        {
            Console.WriteLine(FormattableString.Invariant($"MotionBoxIoU={overlap:0.000}"));
        }

        Console.WriteLine(FormattableString.Invariant($"MicroAccuracy={microAccuracy:0.000}"));
        Console.WriteLine(FormattableString.Invariant($"FewLabels={few.With:0.000} (without: {few.Without:0.000})"));
    }
}
