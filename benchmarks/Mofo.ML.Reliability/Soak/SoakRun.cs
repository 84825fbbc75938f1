using System.Diagnostics;
using Mofo.ML.Reliability.Samples;
using Mofo.ML.Reliability.Summary;
using Mofo.ML.Reliability.Videos;

namespace Mofo.ML.Reliability.Soak;

/// <summary>Sends the service as many requests as it gets in a day, as fast as it takes them, and looks at its memory, its open files and its folder.</summary>
/// <remarks>A service whose memory is to be flat cannot be resumed in the middle: a soak that was interrupted begins again.</remarks>
internal static class SoakRun
{
    private const int AtOnce = 4;
    private const int Samples = 40;

    /// <summary>Growth from the second quarter to the last that counts as flat: caches and heaps settle within it.</summary>
    private const double GrowthAllowed = 1.10;
    private const double MegabytesAllowed = 24;

    /// <param name="campaign">The campaign.</param>
    /// <param name="samples">Clips and the exported model.</param>
    /// <param name="program">ServeWithOnnx.dll.</param>
    /// <param name="count">Requests.</param>
    public static async Task<bool> Run(Campaign campaign, SampleFiles samples, string program, int count)
    {
        var uploads = Path.Combine(campaign.Folder, "uploads");
        var state = campaign.Load<SoakState>("soak") is { } done && done.Requests >= count ? done : await Soak(campaign, samples, program, count, uploads);
        campaign.Say(FormattableString.Invariant(
            $"soak: {state.Requests} requests in {state.Seconds:0} s ({string.Join(", ", state.Kinds.Select(kind => $"{kind.Key} {kind.Value}"))}), memory {First(state):0} MiB, then {Last(state):0} MiB, {state.Findings.Count} findings"));
        state.Findings.ForEach(finding => campaign.Say($"  {finding.Kind}: {finding.Detail}"));
        return state.Findings.Count == 0;
    }

    /// <summary>Median memory of the second quarter, MiB: by then everything that is made once is there.</summary>
    public static double First(SoakState state) => Median(state.Footprints.Skip(state.Footprints.Count / 4).Take(Math.Max(1, state.Footprints.Count / 4)).Select(f => f.Megabytes));

    /// <summary>Median memory of the last quarter, MiB.</summary>
    public static double Last(SoakState state) => Median(state.Footprints.TakeLast(Math.Max(1, state.Footprints.Count / 4)).Select(f => f.Megabytes));

    private static async Task<SoakState> Soak(Campaign campaign, SampleFiles samples, string program, int count, string uploads)
    {
        var state = new SoakState { Seed = campaign.Seed };
        Directory.CreateDirectory(uploads);
        using var service = Service.Start(program, uploads, "--Model", samples.Onnx, "--MaxMegabytes", "2", "--Concurrency", "1", "--Queue", "8", "--TimeoutSeconds", "20");
        using var client = new HttpClient { BaseAddress = service.Address, Timeout = TimeSpan.FromMinutes(5) };
        IReadOnlyList<string> files = samples.ClipFiles();
        var requests = new Requests(client, service.Address, [.. files.Select(File.ReadAllBytes)], new DamagedVideo(campaign.Seed, files), campaign.Seed);
        var start = Stopwatch.GetTimestamp();
        var next = -1;
        var gate = new Lock();
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => Task.Run(Send)));
        state.Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        await Judge(state, service, client, uploads);
        state.Requests = count;
        JsonFile.Write(campaign.StateOf("soak"), state);
        return state;

        async Task Send()
        {
            for (var index = Interlocked.Increment(ref next); index < count && !service.HasExited; index = Interlocked.Increment(ref next))
            {
                var (kind, problem) = ("", (string?)null);
                try
                {
                    (kind, problem) = await requests.Send(index);
                }
                catch (HttpRequestException e)
                {
                    (kind, problem) = ("no answer", e.Message);
                }

                lock (gate)
                {
                    state.Kinds[kind] = state.Kinds.GetValueOrDefault(kind) + 1;
                    if (problem is not null)
                    {
                        state.Findings.Add(new Finding(kind, index, problem));
                    }

                    if (index % Math.Max(1, count / Samples) == 0 && !service.HasExited)
                    {
                        state.Footprints.Add(service.Measure());
                    }
                }
            }
        }
    }

    private static async Task Judge(SoakState state, Service service, HttpClient client, string uploads)
    {
        if (service.HasExited)
        {
            state.Findings.Add(new Finding("service", 0, "it ended"));
            return;
        }

        // Nothing is in work any more once the service says so; what was cancelled may still be ending.
        for (var tries = 0; tries < 100 && !(await client.GetStringAsync(new Uri("metrics", UriKind.Relative))).Contains("mofo_videos 0\n", StringComparison.Ordinal); tries++)
        {
            await Task.Delay(100);
        }

        var left = Directory.GetFiles(uploads, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != "lock").ToList();
        if (left.Count > 0)
        {
            state.Findings.Add(new Finding("files", 0, $"{left.Count} files are left, such as {left[0]}"));
        }

        if (Last(state) > (GrowthAllowed * First(state)) + MegabytesAllowed)
        {
            state.Findings.Add(new Finding("memory", 0, FormattableString.Invariant($"grew from {First(state):0} to {Last(state):0} MiB")));
        }

        var (early, late) = (state.Footprints[state.Footprints.Count / 4], service.Measure());
        if (late.Files > early.Files + 20 || late.Threads > early.Threads + 20)
        {
            state.Findings.Add(new Finding("handles", 0, $"from {early.Files} files and {early.Threads} threads to {late.Files} and {late.Threads}"));
        }
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? 0 : sorted[sorted.Length / 2];
    }
}
