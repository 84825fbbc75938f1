using System.CommandLine;
using Mofo.ML.Cli.Running;
using Mofo.ML.Trainers;

namespace Mofo.ML.Cli.Commands;

/// <summary>Where does a classifier look?</summary>
internal static class ExplainCommand
{
    public static CommandShape New()
    {
        var model = new Argument<string>("model") { Description = "A pipeline saved by mofo finetune (.zip)." };
        var videos = new VideoArguments();
        var output = new Option<string>("--out") { Description = "Folder for the pictures.", HelpName = "folder", DefaultValueFactory = _ => "." };
        var name = new Option<string?>("--class") { Description = "The class to explain. [default: the likeliest of each video]", HelpName = "name" };
        var video = new Option<bool>("--video") { Description = "Write an .mp4 for players too, with the map over the whole video." };
        return CommandShape.Of(
            "explain", "Show where a classifier finds a class: class activation (Grad-CAM) and attention of the fusion over frames of each video.",
            [model, .. videos.Symbols, output, name, video], run => Run(run, run.Value(model), videos, run.Value(output)!, run.Value(name), run.Value(video)));
    }

    private static int Run(CommandRun run, string path, VideoArguments videos, string folder, string? className, bool withVideo)
    {
        var ml = run.NewContext();
        var view = videos.Load(run, ml);
        using var chain = SavedChain.Load(run, ml, path);
        var classifier = chain.Stage<MofoClassificationTransformer>("classifier; mofo finetune saves one");
        var (names, results) = (new OutputNames(), new List<object>());
        foreach (var (clip, boxes) in chain.Boxes(view))
        {
            run.Cancel.ThrowIfCancellationRequested();
            var explanation = classifier.Explain(clip, boxes, className);
            var stem = Path.GetFullPath(Path.Combine(folder, names.For($"{VideoName.FileStem(clip)}-{FileName(explanation.ClassName)}")));
            explanation.SavePicture(stem + ".png");
            if (withVideo)
            {
                explanation.SaveVideo(stem + ".mp4");
            }

            run.Terminal.Say(Invariant($"{explanation.ClassName} {explanation.Probability:0.000}: {stem}.png"));
            results.Add(new { path = clip, explanation.ClassName, explanation.Probability, picture = stem + ".png", video = withVideo ? stem + ".mp4" : null });
        }

        run.Terminal.Result(new { videos = results });
        return ExitCodes.Ok;
    }

    /// <summary>A class name as part of a file name.</summary>
    private static string FileName(string text) => string.Concat(text.Select(c => char.IsLetterOrDigit(c) || c is '-' or '_' ? c : '_'));
}
