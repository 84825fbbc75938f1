using System.CommandLine;
using Mofo.ML.Reliability.Fuzzing;
using Mofo.ML.Reliability.Kills;
using Mofo.ML.Reliability.Processes;
using Mofo.ML.Reliability.Samples;
using Mofo.ML.Reliability.Summary;
using Mofo.ML.Reliability.Videos;
using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Reliability.CommandLine;

/// <summary>The commands that this program gives to itself in processes of their own, and <c>repeat</c> to reproduce a finding.</summary>
internal static class ChildCommands
{
    public static IEnumerable<Command> All()
    {
        var (name, total) = (new Argument<string>("parser"), new Argument<long>("inputs"));
        yield return New("fuzz-worker", "Works off the inputs of one parser.", [name, total], [], parsed => WithParser(parsed, parsed.GetValue(name)!, (parser, campaign) =>
            new FuzzWorker(parser, FuzzState.Load(campaign, parser.Name), campaign).Run(parsed.GetValue(total))));

        var (again, index) = (new Argument<string>("parser"), new Argument<long>("index"));
        yield return New("repeat", "Gives one input of a campaign to its parser again, and lets the exception through.", [again, index], [], parsed =>
            WithParser(parsed, parsed.GetValue(again)!, (parser, campaign) => FuzzWorker.Repeat(parser, campaign.Seed, parsed.GetValue(index))), hidden: false);

        var (from, to) = (new Argument<int>("from"), new Argument<int>("to"));
        yield return New("read-videos", "Opens and reads damaged videos.", [from, to], [CampaignOptions.Videos], parsed =>
        {
            var campaign = CampaignOptions.Of(parsed);
            var files = VideoRun.Files(SampleFiles.Ensure(campaign.Folder), parsed.GetValue(CampaignOptions.Videos));
            using var scratch = new Scratch();
            Environment.ExitCode = VideoReader.Run(new DamagedVideo(campaign.Seed, files), scratch.Path, parsed.GetValue(from), parsed.GetValue(to));
        });

        var (job, folder) = (new Argument<string>("job"), new Argument<string>("folder"));
        yield return New("job", "Does a job that may be killed.", [job, folder], [], parsed =>
            KillJobs.Run(parsed.GetValue(job)!, SampleFiles.Ensure(CampaignOptions.Of(parsed).Folder), parsed.GetValue(folder)!));

        var clips = new Argument<string>("folder");
        yield return New("read-folder", "Reads all videos of a folder.", [clips], [], parsed =>
        {
            foreach (var file in Directory.GetFiles(parsed.GetValue(clips)!))
            {
                using var reader = FrameReader.Open(file);
                _ = reader.CountFrames();
            }
        });

        yield return New("prepare-samples", "Makes clips, a trained model and its export.", [], [], parsed =>
        {
            var samples = new SampleFiles(CampaignOptions.Of(parsed).Folder);
            SampleClips.Write(samples);
            SampleModel.Write(samples);
        });
    }

    private static void WithParser(ParseResult parsed, string name, Action<Parser, Campaign> work)
    {
        var campaign = CampaignOptions.Of(parsed);
        var samples = SampleFiles.Ensure(campaign.Folder);
        using var scratch = new Scratch();
        work(ParserNames.Open(name, samples, scratch.Path), campaign);
    }

    private static Command New(string name, string description, IEnumerable<Argument> arguments, IEnumerable<Option> options, Action<ParseResult> run, bool hidden = true)
    {
        var command = new Command(name, description) { Hidden = hidden };
        arguments.ToList().ForEach(command.Arguments.Add);
        options.ToList().ForEach(command.Options.Add);
        command.SetAction(parsed =>
        {
            try
            {
                run(parsed);
                return Environment.ExitCode;
            }
#pragma warning disable CA1031 // The parent process reads the error.
            catch (Exception e)
#pragma warning restore CA1031
            {
                for (var error = e; error is not null; error = error.InnerException)
                {
                    Console.Error.WriteLine($"{error.GetType().Name}: {error.Message}");
                }

                Console.Error.WriteLine(e.StackTrace);
                return 1;
            }
        });
        return command;
    }
}
