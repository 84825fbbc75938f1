using Mono.Cecil;

namespace Mofo.ML.EndToEnd.Tests.Architecture;

/// <summary>The house rules that a compiler does not check.</summary>
public sealed class ArchitectureTests : IDisposable
{
    private static readonly string[] Drawers = ["Utils", "Utilities", "Helpers", "Helper", "Common", "Misc", "Manager", "Base"];

    private readonly DefaultAssemblyResolver _resolver = new();
    private readonly List<AssemblyDefinition> _assemblies = [];

    public ArchitectureTests()
    {
        _resolver.AddSearchDirectory(AppContext.BaseDirectory);
        _resolver.AddSearchDirectory(Path.GetDirectoryName(typeof(object).Assembly.Location)!);
        foreach (var type in new[] { typeof(Mofo.ML.Transforms.MotionBox), typeof(Mofo.ML.Trainers.VitConfig) })
        {
            _assemblies.Add(AssemblyDefinition.ReadAssembly(type.Assembly.Location, new ReaderParameters { AssemblyResolver = _resolver }));
        }
    }

    public void Dispose()
    {
        _assemblies.ForEach(assembly => assembly.Dispose());
        _resolver.Dispose();
    }

    [Fact]
    public void Internals_of_ML_NET_are_used_in_the_bridge_alone()
    {
        var offences =
            from type in OwnTypes()
            where !type.FullName.Contains(".MlNetBridge.")
            from method in type.Methods
            where method.HasBody
            from operand in method.Body.Instructions.Select(i => i.Operand).OfType<MemberReference>()
            where operand.DeclaringType?.Scope?.Name.StartsWith("Microsoft.ML", StringComparison.Ordinal) == true && !IsPublic(operand)
            select $"{type.FullName}.{method.Name} uses {operand.FullName}";
        Assert.Empty(offences.Distinct());
    }

    [Fact]
    public void Pixels_and_tensors_keep_to_their_folders()
    {
        string[] withoutTorch = [".Clips.FrameSampling", ".Masking.", "Mofo.ML.Transforms."];
        string[] withOpenCv = [".Video.", ".Drawing.", ".Environments.", ".NativeLibraries.", ".OpticalFlow.", ".MotionMaps.", ".MotionBoxes.", ".Augmentation.", ".Clips.", ".Detection.", ".Pretraining.ReconstructionRows", ".Finetuning.ExplanationOverlay"];
        Assert.Empty(OwnTypes().Where(t => withoutTorch.Any(t.FullName.Contains) && Uses(t, "TorchSharp")).Select(t => t.FullName));
        Assert.Empty(OwnTypes().Where(t => !withOpenCv.Any(t.FullName.Contains) && Uses(t, "OpenCvSharp")).Select(t => t.FullName));
    }

    [Fact]
    public void Nothing_is_called_a_drawer()
    {
        var names = OwnTypes().SelectMany(t => t.FullName.Split('.', '/', '`'));
        Assert.Empty(names.Where(name => Drawers.Any(d => name == d || (d.Length > 4 && name.EndsWith(d, StringComparison.Ordinal)))).Distinct());
    }

    [Fact]
    public void Files_stay_below_300_lines()
    {
        Assert.SkipWhen(SourceTree.Root is null, "The sources are not here.");
        var files = Directory.EnumerateFiles(Path.Combine(SourceTree.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin")).ToList();
        Assert.NotEmpty(files);
        Assert.DoesNotContain(files, file => File.ReadLines(file).Count() > 300);
    }

    private static bool Uses(TypeDefinition type, string assembly) => type.Methods.Where(m => m.HasBody)
        .SelectMany(m => m.Body.Instructions).Select(i => i.Operand).OfType<MemberReference>()
        .Any(member => (member as TypeReference ?? member.DeclaringType)?.Scope?.Name == assembly);

    private static bool IsPublic(MemberReference member)
    {
        var declaring = member.DeclaringType.Resolve();
        for (var type = declaring; type is not null; type = type.DeclaringType)
        {
            if (!(type.IsPublic || type.IsNestedPublic))
            {
                return false;
            }
        }

        return member switch
        {
            MethodReference method => method.Resolve() is not { } resolved || resolved.IsPublic || resolved.IsFamily || resolved.IsFamilyOrAssembly,
            FieldReference field => field.Resolve() is not { } resolved || resolved.IsPublic || resolved.IsFamily || resolved.IsFamilyOrAssembly,
            _ => true,
        };
    }

    private IEnumerable<TypeDefinition> OwnTypes() =>
        _assemblies.SelectMany(a => a.MainModule.GetTypes()).Where(t => t.FullName.StartsWith("Mofo.ML", StringComparison.Ordinal));
}
