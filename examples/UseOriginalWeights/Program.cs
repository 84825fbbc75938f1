// Looks into a weight file of the MOFO / VideoMAE code (or of HuggingFace), says what a classifier would take from it,
// and writes it as .safetensors. Nothing in the file is executed.
//
//   dotnet run --project examples/UseOriginalWeights -- checkpoint.pth [small|base|large|huge|width,depth,heads,pixels] [classes] [out.safetensors]
using Mofo.ML.Trainers;

if (args.Length == 0)
{
    Console.Error.WriteLine("Usage: UseOriginalWeights checkpoint.pth [small|base|large|huge|width,depth,heads,pixels] [classes] [out.safetensors]");
    return 2;
}

var file = args[0];
var size = args.ElementAtOrDefault(1) ?? "base";
var classes = int.Parse(args.ElementAtOrDefault(2) ?? "174");
var output = args.ElementAtOrDefault(3) ?? Path.ChangeExtension(file, ".safetensors");
VitConfig? model = size switch
{
    "small" => VitConfig.Small,
    "base" => VitConfig.Base,
    "large" => VitConfig.Large,
    "huge" => VitConfig.Huge,
    _ => Custom(size),
};
if (model is null)
{
    Console.Error.WriteLine($"The size is '{size}'; it must be small, base, large, huge, or four numbers: width,depth,heads,pixels.");
    return 2;
}

try
{
    var report = MofoWeights.CheckForFinetuning(file, model, classes);
    Console.WriteLine($"For finetuning, {model.Depth} blocks of width {model.EmbedDim}, {classes} classes: {(report.IsComplete ? "the weights fit" : "the weights do NOT fit")}.");
    Print("taken", report.Loaded);
    Print("left at initial values", report.LeftAtInitialValues);
    Print("not needed", report.Ignored);
    Print("missing", report.Missing);
    Print("of another shape", report.WrongShape);
    Print("unexpected", report.Unexpected);

    if (Path.GetFullPath(output) != Path.GetFullPath(file))
    {
        var count = MofoWeights.Convert(file, output);
        Console.WriteLine($"{count} tensors written to {output}; in Python: safetensors.torch.load_file(\"{Path.GetFileName(output)}\").");
        if (report.IsComplete)
        {
            var config = size.Contains(',') ? $"new VitConfig {{ EmbedDim = {model.EmbedDim}, Depth = {model.Depth}, Heads = {model.Heads}, ImageSize = {model.ImageSize} }}" : $"VitConfig.{char.ToUpperInvariant(size[0])}{size[1..]}";
            Console.WriteLine($"To train from it: new MofoFinetuningOptions {{ InitialWeights = \"{output}\", Model = {config} }}.");
        }
    }

    return report.IsComplete ? 0 : 1;
}
catch (Exception e) when (e is WeightFileException or IOException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

// A model of another size than the published ones: "48,2,3,64" is width 48, 2 blocks, 3 heads, frames of 64 pixels.
static VitConfig? Custom(string text)
{
    var numbers = text.Split(',').Select(part => int.TryParse(part, out var number) ? number : 0).ToArray();
    return numbers is [> 0, > 0, > 0, > 0] ? new VitConfig { EmbedDim = numbers[0], Depth = numbers[1], Heads = numbers[2], ImageSize = numbers[3] } : null;
}

static void Print(string title, IReadOnlyList<string> names)
{
    if (names.Count > 0)
    {
        const int Shown = 6;
        Console.WriteLine($"  {names.Count,4} {title}: {string.Join(", ", names.Take(Shown))}{(names.Count > Shown ? ", ..." : "")}");
    }
}
