using System.CommandLine;
using Microsoft.ML;
using Mofo.ML.Cli.Options;
using Mofo.ML.Cli.Running;
using Mofo.ML.Trainers;
using ServeWithOnnx;

namespace Mofo.ML.Cli.Commands;

/// <summary>The web service of examples/ServeWithOnnx: a page for people, an address for programs.</summary>
internal static class ServeCommand
{
    public static CommandShape New()
    {
        var model = new Argument<string>("model") { Description = "A classifier: a file exported by convert (.onnx), or a pipeline saved by finetune (.zip), which is exported first." };
        var urls = new Option<string>("--urls") { Description = "Address to listen on.", HelpName = "address", DefaultValueFactory = _ => "http://localhost:5080" };
        var settings = new OptionGroup<ServiceSettings>(new ServiceSettings(), [], nameof(ServiceSettings.Model));
        return CommandShape.Of(
            "serve", "Score uploaded videos over HTTP: a page with video, boxes and classes for people, /predict and an OpenAPI document for programs. Ctrl+C ends it.",
            [model, urls, .. settings.Symbols], run => Run(run, run.Value(model), run.Value(urls)!, settings));
    }

    private static int Run(CommandRun run, string model, string urls, OptionGroup<ServiceSettings> settings)
    {
        if (!File.Exists(model))
        {
            throw new UsageException($"The model '{model}' is no file.");
        }

        DirectoryInfo? exported = null;
        try
        {
            if (MofoWeights.IsSavedModel(model))
            {
                exported = Directory.CreateTempSubdirectory("mofo-export-");
                model = Export(run, model, Path.Combine(exported.FullName, "model.onnx"));
            }

            var given = settings.Options.Select(option => (option.Property.Name, Text: GivenText.Of(run.Parsed, option.Option))).Where(option => option.Text is not null);
            string[] arguments = ["--Model", model, "--urls", urls, .. given.SelectMany(option => new[] { "--" + option.Name, option.Text! })];
            run.Terminal.Say($"Serving {Path.GetFileName(run.Parsed.GetRequiredValue<string>("model"))} on {urls}");
            return Service.RunAsync(arguments, run.Cancel).GetAwaiter().GetResult();
        }
        finally
        {
            exported?.Delete(recursive: true);
        }
    }

    /// <summary>Writes a saved pipeline as ONNX; its network does not stay in memory beside the service's.</summary>
    /// <returns>The file.</returns>
    private static string Export(CommandRun run, string model, string file)
    {
        var ml = run.NewContext();
        var loaded = ml.Model.Load(model, out _);
        using var held = loaded as IDisposable;
        ml.Model.ConvertMofoToOnnx(loaded, file);
        return file;
    }
}
