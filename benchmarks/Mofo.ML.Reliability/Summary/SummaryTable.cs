using System.Globalization;
using System.Text;
using Mofo.ML.Reliability.Disks;
using Mofo.ML.Reliability.Fuzzing;
using Mofo.ML.Reliability.Kills;
using Mofo.ML.Reliability.Soak;
using Mofo.ML.Reliability.Videos;
using Mofo.ML.Transforms.Files;

namespace Mofo.ML.Reliability.Summary;

/// <summary>The figures of a campaign as Markdown, from the files in which its parts keep their state.</summary>
internal static class SummaryTable
{
    /// <summary>Writes <c>summary.md</c> and says where.</summary>
    public static void Write(Campaign campaign)
    {
        var text = new StringBuilder(Line($"Seed {campaign.Seed}.\n"));
        Fuzz(campaign, text);
        Others(campaign, text);
        var path = Path.Combine(campaign.Folder, "summary.md");
        AtomicFile.WriteText(path, text.ToString());
        campaign.Say(Path.GetFullPath(path));
    }

    private static void Fuzz(Campaign campaign, StringBuilder text)
    {
        text.Append("\n| parser | inputs | read | refused | at places | findings | a second | slowest, ms | most memory, MiB |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|\n");
        foreach (var (name, _) in ParserNames.All)
        {
            if (campaign.Load<FuzzState>(FuzzState.PartOf(name)) is { } state)
            {
                text.Append(Line(
                    $"| {name} | {state.Done:N0} | {state.Read:N0} | {state.Refused:N0} | {state.Places} | {state.Findings.Sum(f => f.Count)} | {state.Done / Math.Max(state.Seconds, 1e-3):N0} | {state.SlowestMilliseconds:0} | {state.LargestAllocation / 1048576.0:0.0} |\n"));
            }
        }
    }

    private static void Others(Campaign campaign, StringBuilder text)
    {
        text.Append("\n| part | figures | findings |\n|---|---|---:|\n");
        if (campaign.Load<VideoState>("videos") is { } videos)
        {
            text.Append(Line($"| damaged videos | {videos.Done:N0} opened and read, {videos.Read:N0} gave frames, {videos.Refused:N0} refused, {videos.Crashes} crashes, {videos.Hangs} hangs, slowest {videos.SlowestSeconds:0.0} s | {videos.Findings.Count} |\n"));
        }

        if (campaign.Load<KillState>("kills") is { } kills)
        {
            text.Append(Line($"| SIGKILL | {kills.Kills.Values.Sum()} ({string.Join(", ", kills.Kills.Select(pair => $"{pair.Key} {pair.Value}"))}), {kills.HitWriting} while a file was written | {kills.Findings.Count} |\n"));
        }

        if (campaign.Load<SoakState>("soak") is { } soak)
        {
            text.Append(Line($"| service | {soak.Requests:N0} requests in {soak.Seconds:0} s ({string.Join(", ", soak.Kinds.Select(kind => $"{kind.Key} {kind.Value}"))}); memory {SoakRun.First(soak):0} MiB, at the end {SoakRun.Last(soak):0} MiB | {soak.Findings.Count} |\n"));
        }

        if (JsonFile.Read<DiskState>(campaign.StateOf("disk")) is { } disk)
        {
            text.Append(disk.Skipped is { } reason ? $"| disks | skipped: {reason} | |\n" : Line($"| disks | {disk.Tried} jobs on full and read-only disks, {disk.Done} did without, {disk.Refused} refused | {disk.Findings.Count} |\n"));
        }
    }

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
