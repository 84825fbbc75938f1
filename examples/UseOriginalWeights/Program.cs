// Looks into a weight file of the MOFO / VideoMAE code, of VideoMAE V2 or MMAction2, or a folder of HuggingFace; says what network it
// holds and what a classifier would take from it, and writes it as .safetensors, or as an ONNX file that needs no torch. Nothing in the
// file is executed.
//
//   dotnet run --project examples/UseOriginalWeights -- checkpoint.pth [auto|small|base|large|huge|width,depth,heads,pixels[,decoder width,depth,heads]]
//       [classes: their number, a file with their names, or auto] [out.safetensors|out.onnx]
using Mofo.ML.Trainers;
using Mofo.ML.Transforms;
using UseOriginalWeights;

if (args.Length == 0)
{
    Console.Error.WriteLine("Usage: UseOriginalWeights checkpoint.pth [auto|small|base|large|huge|width,depth,heads,pixels] [classes|auto] [out.safetensors|out.onnx]");
    return 2;
}

var file = args[0];
var size = args.ElementAtOrDefault(1) ?? NamedSize.Auto;
var output = args.ElementAtOrDefault(3) ?? (Directory.Exists(file) ? Path.TrimEndingDirectorySeparator(file) + ".safetensors" : Path.ChangeExtension(file, ".safetensors"));
if (size != NamedSize.Auto && NamedSize.Parse(size) is null)
{
    Console.Error.WriteLine($"The size is '{size}'; it must be auto, small, base, large, huge, or numbers: width,depth,heads,pixels.");
    return 2;
}

try
{
    var named = NamedSize.Parse(size);
    var found = Describe(file, named);
    var model = named ?? found!.Model;
    var classes = ClassList.Read(args.ElementAtOrDefault(2), found?.ClassLabels ?? []);
    var report = MofoWeights.CheckForFinetuning(file, model, classes.Count);
    Console.WriteLine($"For finetuning, {model.Depth} blocks of width {model.EmbedDim}, {classes.Count} classes: {(report.IsComplete ? "the weights fit" : "the weights do NOT fit")}.");
    Print("taken", report.Loaded);
    Print("left at initial values", report.LeftAtInitialValues);
    Print("not needed", report.Ignored);
    Print("missing", report.Missing);
    Print("of another shape", report.WrongShape);
    Print("unexpected", report.Unexpected);

    if (output.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase))
    {
        Console.WriteLine(OnnxOutput.Write(file, output, model, classes, report, found?.Fusion));
    }
    else if (Path.GetFullPath(output) != Path.GetFullPath(file))
    {
        var count = MofoWeights.Convert(file, output);
        Console.WriteLine($"{count} tensors written to {output}; in Python: safetensors.torch.load_file(\"{Path.GetFileName(output)}\").");
        if (report.IsComplete)
        {
            Console.WriteLine($"To train from it: new MofoFinetuningOptions {{ InitialWeights = \"{output}\"{NamedSize.Code(size, model)} }}.");
        }

        if (found is not null)
        {
            Console.WriteLine($"To use it without training: mlContext.Transforms.ApplyMofoModel(\"{file}\").");
        }
    }

    return report.IsComplete ? 0 : 1;
}
catch (Exception e) when (e is WeightFileException or WeightMismatchException or MofoOptionsException or IOException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

// Null where only the size that the user named lets the file be used, as for a saved pipeline.
static MofoModelDescription? Describe(string file, VitConfig? named)
{
    try
    {
        var found = MofoWeights.Describe(file, new MofoModelOptions { Heads = named?.Heads });
        Console.WriteLine(found);
        return found;
    }
    catch (Exception e) when (named is not null && e is (WeightFileException or MofoOptionsException))
    {
        Console.WriteLine($"What else the file tells could not be read: {e.Message}");
        return null;
    }
}

static void Print(string title, IReadOnlyList<string> names)
{
    if (names.Count > 0)
    {
        const int Shown = 6;
        Console.WriteLine($"  {names.Count,4} {title}: {string.Join(", ", names.Take(Shown))}{(names.Count > Shown ? ", ..." : "")}");
    }
}
