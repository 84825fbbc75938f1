using System.CommandLine;
using Microsoft.ML;
using Microsoft.ML.Data;
using Mofo.ML.Cli.Options;
using Mofo.ML.Cli.Running;
using Mofo.ML.Trainers;
using Mofo.ML.Transforms;

namespace Mofo.ML.Cli.Commands;

/// <summary>What a pretrained network makes of a clip of which it sees little.</summary>
internal static class ReconstructCommand
{
    public static CommandShape New()
    {
        var model = new Argument<string>("model") { Description = "A pipeline saved by mofo pretrain (.zip)." };
        var videos = new VideoArguments();
        var output = new Option<string>("--out") { Description = "Folder for the pictures.", HelpName = "folder", DefaultValueFactory = _ => "." };
        var seed = new Option<int>("--seed") { Description = "Chooses the masked tubes.", HelpName = "integer", DefaultValueFactory = _ => 0 };
        return CommandShape.Of(
            "reconstruct", "Show what a pretrained network reconstructs of masked parts: three rows of frames for each video.",
            [model, .. videos.Symbols, output, seed], run => Run(run, run.Value(model), videos, run.Value(output)!, run.Value(seed)));
    }

    private static int Run(CommandRun run, string path, VideoArguments videos, string folder, int seed)
    {
        var ml = run.NewContext();
        var view = videos.Load(run, ml);
        using var chain = SavedChain.Load(run, ml, path);
        var model = chain.Stage<MofoPretrainedTransformer>("pretrained network; mofo pretrain saves one");
        var (names, files) = (new OutputNames(), new List<string>());
        foreach (var (video, boxes) in chain.Boxes(view))
        {
            run.Cancel.ThrowIfCancellationRequested();
            var file = Path.GetFullPath(Path.Combine(folder, names.For(VideoName.FileStem(video)) + "-rebuilt.png"));
            var made = model.Reconstruct(video, boxes, seed);
            made.SavePicture(file);
            files.Add(file);
            run.Terminal.Say(Invariant($"{file} ({made.MaskedShare * 100:0}% hidden)"));
        }

        run.Terminal.Result(new { files });
        return ExitCodes.Ok;
    }
}
