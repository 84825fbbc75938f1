using System.CommandLine;
using Microsoft.ML;
using Mofo.ML.Cli.Options;
using Mofo.ML.Cli.Running;
using Mofo.ML.Trainers;

namespace Mofo.ML.Cli.Commands;

/// <summary>Weights from one format to another.</summary>
internal static class ConvertCommand
{
    private const string HuggingFace = "huggingface";

    public static CommandShape New()
    {
        var source = new Argument<string>("source") { Description = "A saved pipeline (.zip), a checkpoint, a .pth, a .safetensors, or a HuggingFace folder. Nothing in it is executed." };
        var target = new Argument<string>("target") { Description = "The file to write: .safetensors, which Python loads, or .onnx, which ONNX Runtime and mofo serve load." };
        var names = new Option<string>("--names") { Description = "Whose names the tensors of a .safetensors have.", HelpName = "original|huggingface", DefaultValueFactory = _ => "original" };
        names.AcceptOnlyFromAmong("original", HuggingFace);
        var shared = new Dictionary<string, Option>();
        var onnx = new OptionGroup<MofoOnnxExportOptions>(new MofoOnnxExportOptions(), shared, nameof(MofoOnnxExportOptions.Detection));
        var model = new OptionGroup<MofoModelOptions>(new MofoModelOptions(), shared, nameof(MofoModelOptions.Precision));
        return CommandShape.Of(
            "convert", "Convert weights: .pth, .safetensors, HuggingFace folders and saved pipelines to .safetensors or ONNX.",
            [source, target, names, .. onnx.Symbols, .. model.Symbols],
            run => Run(run, run.Value(source), run.Value(target), run.Value(names) == HuggingFace, onnx, model));
    }

    private static int Run(CommandRun run, string source, string target, bool forHuggingFace, OptionGroup<MofoOnnxExportOptions> onnx, OptionGroup<MofoModelOptions> model)
    {
        if (!File.Exists(source) && !Directory.Exists(source))
        {
            throw new UsageException($"'{source}' is neither a file nor a folder.");
        }

        switch (Path.GetExtension(target).ToUpperInvariant())
        {
            case ".SAFETENSORS":
                var count = forHuggingFace ? MofoWeights.ConvertToHuggingFace(source, target) : MofoWeights.Convert(source, target);
                run.Terminal.Say(Invariant($"{count} tensors in {target}; in Python: safetensors.torch.load_file(\"{Path.GetFileName(target)}\")."));
                run.Terminal.Result(new { source, target, tensors = count });
                return ExitCodes.Ok;
            case ".ONNX" when File.Exists(source) && MofoWeights.IsSavedModel(source):
                var ml = run.NewContext();
                ml.Model.ConvertMofoToOnnx(ml.Model.Load(source, out _), target, onnx.Apply(run.Parsed, new MofoOnnxExportOptions()));
                run.Terminal.Say($"The network of the pipeline, with the settings of its motion detector, in {target}.");
                run.Terminal.Result(new { source, target });
                return ExitCodes.Ok;
            case ".ONNX":
                var report = MofoWeights.ConvertToOnnx(source, target, model.Apply(run.Parsed, new MofoModelOptions()), onnx.Apply(run.Parsed, new MofoOnnxExportOptions()));
                run.Terminal.Say(Invariant($"{report.Loaded.Count} tensors in {target}."));
                report.Remarks.ToList().ForEach(run.Terminal.Say);
                run.Terminal.Result(new { source, target, tensors = report.Loaded.Count, ignored = report.Ignored, remarks = report.Remarks });
                return ExitCodes.Ok;
            default:
                throw new UsageException($"{target} must end in .safetensors or .onnx.");
        }
    }
}
