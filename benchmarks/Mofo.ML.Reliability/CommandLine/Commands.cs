using System.CommandLine;
using Mofo.ML.Reliability.Disks;
using Mofo.ML.Reliability.Fuzzing;
using Mofo.ML.Reliability.Kills;
using Mofo.ML.Reliability.Samples;
using Mofo.ML.Reliability.Soak;
using Mofo.ML.Reliability.Summary;
using Mofo.ML.Reliability.Videos;

namespace Mofo.ML.Reliability.CommandLine;

/// <summary>The commands for people. Each continues what --out holds, and ends with 1 where there are findings.</summary>
internal static class Commands
{
    /// <summary>A request every ten seconds for 24 hours.</summary>
    private const int RequestsOfOneDay = 24 * 60 * 6;

    public static IEnumerable<Command> All()
    {
        var inputs = new Option<long>("--inputs") { Description = "Mutated inputs for each parser.", DefaultValueFactory = _ => 1_000_000 };
        var parsers = new Option<string[]>("--parser") { Description = $"Only these: {string.Join(", ", ParserNames.All.Select(parser => parser.Name))}.", AllowMultipleArgumentsPerToken = true };
        parsers.AcceptOnlyFromAmong([.. ParserNames.All.Select(parser => parser.Name)]);
        var videos = new Option<int>("--count") { Description = "Damaged videos.", DefaultValueFactory = _ => 10_000 };
        var kills = new Option<int>("--count") { Description = "Processes to kill.", DefaultValueFactory = _ => 60 };
        var jobs = new Option<string[]>("--job") { Description = $"Only these: {string.Join(", ", KillJobs.Names)}.", AllowMultipleArgumentsPerToken = true };
        jobs.AcceptOnlyFromAmong([.. KillJobs.Names]);
        var requests = new Option<int>("--requests") { Description = "Requests; the default is one every ten seconds for 24 hours.", DefaultValueFactory = _ => RequestsOfOneDay };
        var small = new Option<bool>("--small") { Description = "A few of everything, in a minute or two: shows that the campaign works." };

        yield return New("fuzz", "Mutated inputs for every parser, in process.", [inputs, parsers], (parsed, campaign) => FuzzRun.Run(campaign, parsed.GetValue(inputs), parsed.GetValue(parsers) ?? []));
        yield return New(
            "videos", "Damaged videos, opened and read in child processes.", [videos, CampaignOptions.Videos],
            (parsed, campaign) => new VideoRun(campaign, SampleFiles.Ensure(campaign.Folder), parsed.GetValue(CampaignOptions.Videos)).Run(parsed.GetValue(videos)));
        yield return New("kills", "SIGKILL at random moments; the same bits after doing it again.", [kills, jobs], (parsed, campaign) =>
        {
            _ = SampleFiles.Ensure(campaign.Folder);
            return new KillRun(campaign, parsed.GetValue(jobs) is { Length: > 0 } chosen ? chosen : KillJobs.Names).Run(parsed.GetValue(kills));
        });
        yield return New(
            "soak", "A day's requests to the service of examples/ServeWithOnnx.", [requests, CampaignOptions.Service],
            (parsed, campaign) => SoakRun.Run(campaign, SampleFiles.Ensure(campaign.Folder), parsed.GetValue(CampaignOptions.Service)!, parsed.GetValue(requests)).GetAwaiter().GetResult());
        yield return New("disk", "Full and read-only disks (Linux, root).", [], (_, campaign) => new DiskRun(campaign, SampleFiles.Ensure(campaign.Folder), KillJobs.Names, DiskRun.Levels.Count).Run());
        yield return New("all", "Everything, one after the other.", [small, CampaignOptions.Videos, CampaignOptions.Service], (parsed, campaign) => RunAll(campaign, parsed, parsed.GetValue(small)));
        yield return New("summary", "Writes summary.md from what was done so far.", [], (_, _) => true);
    }

    private static bool RunAll(Campaign campaign, ParseResult parsed, bool small)
    {
        var samples = SampleFiles.Ensure(campaign.Folder);
        IReadOnlyCollection<string> jobs = small ? ["saving"] : KillJobs.Names;
        var sound = new VideoRun(campaign, samples, parsed.GetValue(CampaignOptions.Videos)).Run(small ? 40 : 10_000);
        sound &= new KillRun(campaign, jobs).Run(small ? 1 : 60);
        sound &= SoakRun.Run(campaign, samples, parsed.GetValue(CampaignOptions.Service)!, small ? 100 : RequestsOfOneDay).GetAwaiter().GetResult();
        sound &= new DiskRun(campaign, samples, jobs, small ? 1 : DiskRun.Levels.Count).Run();
        return (small ? FuzzRun.RunHere(campaign, samples, 1_000) : FuzzRun.Run(campaign, 1_000_000, [])) && sound;
    }

    private static Command New(string name, string description, IEnumerable<Option> options, Func<ParseResult, Campaign, bool> run)
    {
        var command = new Command(name, description);
        foreach (var option in options)
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed =>
        {
            var campaign = CampaignOptions.Of(parsed);
            campaign.Say(FormattableString.Invariant($"{name}: seed {campaign.Seed}, folder {campaign.Folder}"));
            var sound = run(parsed, campaign);
            SummaryTable.Write(campaign);
            return sound ? 0 : 1;
        });
        return command;
    }
}
