using System.Diagnostics;
using System.Globalization;
using Mofo.ML.Reliability.Processes;
using Mofo.ML.Reliability.Samples;
using Mofo.ML.Reliability.Summary;

namespace Mofo.ML.Reliability.Videos;

/// <summary>Has damaged videos read in child processes; a crash or a hang costs the child and one video.</summary>
internal sealed class VideoRun
{
    private const long LargestFile = 700_000;
    private const int VideosPerChild = 500;
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(120);

    /// <summary>On a busy machine a process may get no turn: one that has not worked half of that time gets so many times longer.</summary>
    private const int Patience = 10;

    private readonly Campaign _campaign;
    private readonly DamagedVideo _videos;
    private readonly string? _folder;
    private readonly VideoState _state;

    /// <param name="campaign">The campaign.</param>
    /// <param name="samples">Rendered clips.</param>
    /// <param name="folder">Real videos to damage as well; null for none.</param>
    public VideoRun(Campaign campaign, SampleFiles samples, string? folder)
    {
        (_campaign, _folder) = (campaign, folder);
        _videos = new DamagedVideo(campaign.Seed, Files(samples, folder));
        _state = campaign.Load<VideoState>("videos") ?? new VideoState { Seed = campaign.Seed };
    }

    /// <summary>The sound videos that are damaged.</summary>
    public static IReadOnlyList<string> Files(SampleFiles samples, string? folder) => [.. samples.ClipFiles(), .. folder is null ? (string[])[] : RealVideos(folder)];

    private static string[] RealVideos(string folder) => [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
        .Where(file => new FileInfo(file).Length is > 0 and <= LargestFile && Path.GetExtension(file) is not (".json" or ".txt" or ".csv" or ".md" or ".jpg" or ".png")).Order(StringComparer.Ordinal)];

    public bool Run(int count)
    {
        while (_state.Done < count)
        {
            RunChild(Math.Min(count, _state.Done + VideosPerChild));
            JsonFile.Write(_campaign.StateOf("videos"), _state);
        }

        _campaign.Say(FormattableString.Invariant(
            $"videos: {_state.Done} damaged, {_state.Read} read, {_state.Refused} refused, {_state.Crashes} crashes, {_state.Hangs} hangs, {_state.Findings.Count} findings, the slowest took {_state.SlowestSeconds:0.0} s"));
        _state.Findings.ForEach(finding => _campaign.Say(FormattableString.Invariant($"  video {finding.Index}: {finding.Detail}")));
        return _state.Findings.Count == 0;
    }

    private void RunChild(int to)
    {
        var command = _campaign.Command("read-videos", _state.Done.ToString(CultureInfo.InvariantCulture), to.ToString(CultureInfo.InvariantCulture));
        using var process = Process.Start(OwnProgram.Command(_folder is null ? command : [.. command, "--videos", _folder]))!;
        var errors = process.StandardError.ReadToEndAsync();
        var current = _state.Done;
        while (true)
        {
            var line = process.StandardOutput.ReadLineAsync();
            if (!Comes(line, process))
            {
                process.Kill(entireProcessTree: true);
                _state.Hangs++;
                Keep(current, $"hang: nothing for {Hang.TotalSeconds} s");
                _state.Done = current + 1;
                return;
            }

            if (line.Result is not { } said)
            {
                break;
            }

            current = Take(said, current);
        }

        process.WaitForExit();
        if (process.ExitCode == VideoReader.OutOfMemory)
        {
            Keep(_state.Done - 1, "the process holds more memory than one video may take");
        }
        else if (process.ExitCode != 0)
        {
            _state.Crashes++;
            Keep(current, FormattableString.Invariant($"crash, exit code {process.ExitCode}: ") + errors.GetAwaiter().GetResult());
            _state.Done = current + 1;
        }
    }

    private static bool Comes(Task<string?> line, Process process)
    {
        var before = process.TotalProcessorTime;
        for (var times = 1; !line.Wait(Hang); times++)
        {
            process.Refresh();
            if (!process.HasExited && (times == Patience || process.TotalProcessorTime - before > Hang / 2))
            {
                return false;
            }
        }

        return true;
    }

    private int Take(string line, int current)
    {
        var words = line.Split(' ', 5);
        if (words is ["begin", var begun])
        {
            return int.Parse(begun, CultureInfo.InvariantCulture);
        }

        if (words is not ["end", var number, var seconds, var outcome, var detail])
        {
            return current; // the decoder may write to the output too
        }

        var index = int.Parse(number, CultureInfo.InvariantCulture);
        _state.Done = index + 1;
        _state.SlowestSeconds = Math.Max(_state.SlowestSeconds, double.Parse(seconds, CultureInfo.InvariantCulture));
        switch (outcome)
        {
            case "frames":
                _state.Read++;
                break;
            case "refused":
                _state.Refused++;
                break;
            default:
                Keep(index, detail);
                break;
        }

        return index;
    }

    private void Keep(int index, string detail)
    {
        _state.Findings.Add(new Finding("video", index, detail.Length > 2000 ? detail[..2000] : detail));
        var (bytes, extension) = _videos.Make(index);
        File.WriteAllBytes(_campaign.FindingFile("video", index, extension), bytes);
    }
}
