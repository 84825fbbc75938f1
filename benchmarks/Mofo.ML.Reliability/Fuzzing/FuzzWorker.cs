using System.Diagnostics;
using System.IO.MemoryMappedFiles;
using Mofo.ML.Reliability.Summary;

namespace Mofo.ML.Reliability.Fuzzing;

/// <summary>Gives a parser one input after another, in a process of its own, and watches what it does: exceptions, time, memory.</summary>
/// <param name="parser">The parser.</param>
/// <param name="state">Where to go on; kept up to date.</param>
/// <param name="campaign">The campaign.</param>
internal sealed class FuzzWorker(Parser parser, FuzzState state, Campaign campaign)
{
    public const int MostPlaces = 10_000;

    /// <summary>One input may take that long by the clock and of processor time, measured again before it counts: the machine is not ours alone.</summary>
    public const double MostMilliseconds = 1000;

    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan SaveEvery = TimeSpan.FromSeconds(5);

    private readonly HashSet<int> _places = [];
    private readonly Mutator _mutator = new(parser, state.Seed);

    /// <summary>Works until so many inputs are done.</summary>
    /// <returns>Inputs a second.</returns>
    public double Run(long total)
    {
        using var position = Position(campaign.Folder, parser.Name);
        using var view = position.CreateViewAccessor();
        using var watch = new HangWatch(Hang, () => view.ReadInt64(0), HangFound);
        var (start, saved) = (Stopwatch.GetTimestamp(), Stopwatch.GetTimestamp());
        var first = state.Done;
        var before = state.Seconds;
        while (state.Done < total)
        {
            view.Write(0, state.Done); // in shared memory: what stands there outlives this process, however it ends
            if (!state.Fatal.Contains(state.Done))
            {
                Try(state.Done);
            }

            state.Done++;
            if (Stopwatch.GetElapsedTime(saved) >= SaveEvery)
            {
                Save();
                saved = Stopwatch.GetTimestamp();
            }
        }

        Save();
        return (state.Done - first) / Stopwatch.GetElapsedTime(start).TotalSeconds;

        void Save()
        {
            state.Seconds = before + Stopwatch.GetElapsedTime(start).TotalSeconds;
            state.Places = Math.Max(state.Places, _places.Count);
            state.Save(campaign);
        }
    }

    /// <summary>Gives the parser one input of the campaign again, and lets the exception through.</summary>
    public static void Repeat(Parser parser, int seed, long index) => parser.Read(new Mutator(parser, seed).Make(index));

    /// <summary>The file in which a worker says which input it is at.</summary>
    public static MemoryMappedFile Position(string folder, string parser) => MemoryMappedFile.CreateFromFile(
        Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "fuzz")).FullName, parser + ".position"), FileMode.OpenOrCreate, null, sizeof(long));

    private void Try(long index)
    {
        var input = _mutator.Make(index);
        var (error, milliseconds, bytes) = Measure(input);
        if (error is null)
        {
            state.Read++;
        }
        else if (parser.Documents(error))
        {
            state.Refused++;
            _ = _places.Count < MostPlaces && _places.Add(PlaceOf(error));
        }
        else
        {
            Keep(input, new Finding(KindOf(error), index, error.ToString()));
        }

        if (milliseconds > MostMilliseconds && Measure(input).Milliseconds is var again && again > MostMilliseconds)
        {
            Keep(input, new Finding("slow", index, FormattableString.Invariant($"{again:0} ms")));
            milliseconds = again;
        }

        if (bytes > parser.MostBytes + (64L * input.Length))
        {
            Keep(input, new Finding("memory", index, FormattableString.Invariant($"{bytes >> 20} MiB for {input.Length} bytes")));
        }

        state.SlowestMilliseconds = Math.Max(state.SlowestMilliseconds, milliseconds);
        state.LargestAllocation = Math.Max(state.LargestAllocation, bytes);
    }

    private (Exception? Error, double Milliseconds, long Bytes) Measure(byte[] input)
    {
        Exception? error = null;
        var (start, used, allocated) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime, GC.GetAllocatedBytesForCurrentThread());
        try
        {
            parser.Read(input);
        }
#pragma warning disable CA1031 // Which exceptions come is what is to be found out.
        catch (Exception e)
#pragma warning restore CA1031
        {
            error = e;
        }

        var (clock, processor) = (Stopwatch.GetElapsedTime(start), Environment.CpuUsage.TotalTime - used);
        return (error, Math.Min(clock.TotalMilliseconds, processor.TotalMilliseconds), GC.GetAllocatedBytesForCurrentThread() - allocated);
    }

    private void Keep(byte[] input, Finding finding)
    {
        state.Add(finding);
        if (state.Findings.Contains(finding))
        {
            File.WriteAllBytes(campaign.FindingFile(parser.Name, finding.Index), input);
            File.WriteAllText(campaign.FindingFile(parser.Name, finding.Index, ".txt"), $"{finding.Kind}\n{finding.Detail}\n");
        }
    }

    private void HangFound(long index)
    {
        Keep(_mutator.Make(index), new Finding("hang", index, $"more than {Hang.TotalSeconds} s"));
        state.Fatal.Add(index);
        state.Save(campaign);
        Environment.Exit(3);
    }

    private static string KindOf(Exception error)
    {
        var cause = error;
        while (cause.InnerException is { } inner)
        {
            cause = inner;
        }

        var frames = new StackTrace(error, fNeedFileInfo: false).GetFrames();
        var place = frames.Select(frame => frame.GetMethod()).FirstOrDefault(method => method?.DeclaringType?.Assembly.GetName().Name is "Mofo.ML.Transforms" or "Mofo.ML.Trainers");
        return $"{cause.GetType().Name} in {place?.DeclaringType?.Name}.{place?.Name}";
    }

    /// <summary>Where the refusal was thrown.</summary>
    private static int PlaceOf(Exception error) => new StackTrace(error, fNeedFileInfo: false).GetFrame(0) is { } frame ? HashCode.Combine(frame.GetMethod()?.MethodHandle, frame.GetILOffset()) : 0;
}
