using Spectre.Console;

namespace Mofo.ML.Cli.Output;

/// <summary>
/// Shows how far named pieces of work have come and when they will be done: as bars on a terminal, as a line now and then where the output goes to a file. Thread-safe.
/// examples/ActionRecognition shows its progress with this file too.
/// </summary>
internal sealed class ProgressBoard
{
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly IAnsiConsole _console;
    private readonly ProgressContext? _bars;

    private ProgressBoard(IAnsiConsole console, ProgressContext? bars) => (_console, _bars) = (console, bars);

    /// <summary>Does work that reports its progress to a board.</summary>
    public static T Watch<T>(IAnsiConsole console, Func<ProgressBoard, T> work) => console.Profile.Capabilities.Ansi
        ? console.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .Start(bars => work(new ProgressBoard(console, bars)))
        : work(new ProgressBoard(console, null));

    /// <param name="stage">Name of the piece of work; a new name starts a new bar.</param>
    /// <param name="done">Part done, 0 to 1.</param>
    /// <param name="detail">Further information at this moment.</param>
    /// <param name="remaining">Time left; estimated from the pace so far when null.</param>
    public void Tell(string stage, double done, string detail = "", TimeSpan? remaining = null)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(stage, out var entry))
            {
                _entries.Add(stage, entry = new Entry(TimeProvider.System.GetTimestamp(), _bars?.AddTask(Markup.Escape(stage), maxValue: 1)));
            }

            var elapsed = TimeProvider.System.GetElapsedTime(entry.Started);
            var left = remaining ?? (done > 0 ? elapsed * ((1 - done) / done) : null);
            var facts = string.Join(", ", new[] { detail, done < 1 && left is { } time ? $"{Clock(time)} left" : "" }.Where(part => part.Length > 0));
            if (entry.Bar is { } bar)
            {
                bar.Value = done;
                bar.Description = Markup.Escape(facts.Length > 0 ? $"{stage}: {facts}" : stage);
            }
            else if (done >= 1 ? !entry.Ended : entry.LastLine is not { } last || elapsed - last >= BetweenLines)
            {
                (entry.LastLine, entry.Ended) = (elapsed, done >= 1);
                _console.WriteLine(FormattableString.Invariant($"  {stage}: {done * 100:0}%{(facts.Length > 0 ? ", " + facts : "")}{(entry.Ended ? $" (took {Clock(elapsed)})" : "")}"));
            }
        }
    }

    /// <summary>Minutes and seconds, hours where there are any.</summary>
    public static string Clock(TimeSpan time) => time.TotalHours >= 1 ? FormattableString.Invariant($"{(int)time.TotalHours}:{time:mm\\:ss}") : FormattableString.Invariant($"{time:m\\:ss}");

    private sealed class Entry(long started, ProgressTask? bar)
    {
        public long Started { get; } = started;

        public ProgressTask? Bar { get; } = bar;

        /// <summary>Null before the first line, which comes at once: the start of a stage gets a line.</summary>
        public TimeSpan? LastLine { get; set; }

        public bool Ended { get; set; }
    }
}
