using Mono.Cecil;

namespace Mofo.ML.EndToEnd.Tests.Architecture;

/// <summary>The map in CONTRIBUTING.md is true: it names all folders, and a folder uses only those above it.</summary>
public sealed class LayerTests
{
    private const string Transforms = "Mofo.ML.Transforms";
    private const string Trainers = "Mofo.ML.Trainers";

    /// <summary>What knows videos and motion, or tensors, and nothing of ML.NET's pipelines.</summary>
    private static readonly Dictionary<string, string[]> WithoutPipelines = new()
    {
        [Transforms] = ["Files", "NativeLibraries", "Loading", "Video", "VideoLists", "OpticalFlow", "MotionMaps", "MotionBoxes", "Clips", "Running", "Detection"],
        [Trainers] = ["Augmentation", "Masking", "Model", "Weights", "Losses", "OnnxExport"],
    };

    /// <summary>Pictures of a camera come as ML.NET's images: data, no pipeline.</summary>
    private static readonly string[] Pictures = ["Microsoft.ML.Data.MLImage", "Microsoft.ML.Data.MLPixelFormat"];

    [Theory]
    [InlineData(Transforms)]
    [InlineData(Trainers)]
    public void The_map_names_every_folder_once_and_no_other(string project)
    {
        var map = Map(project);
        Assert.Equal(map.Folders.Order(StringComparer.Ordinal), map.Layers.Where(layer => !layer.StartsWith('(')).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_map_names_every_project()
    {
        Assert.SkipWhen(SourceTree.Root is null, "The sources are not here.");
        var text = File.ReadAllText(Path.Combine(SourceTree.Root, "CONTRIBUTING.md"));
        Assert.All(Directory.EnumerateDirectories(Path.Combine(SourceTree.Root, "src")), folder => Assert.Contains($"src/{Path.GetFileName(folder)}", text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Transforms)]
    [InlineData(Trainers)]
    public void A_folder_uses_only_those_above_it_in_the_map(string project)
    {
        var map = Map(project);
        var layers = map.Layers.Index().ToDictionary(layer => layer.Item, layer => layer.Index);
        var upward =
            from type in Types(project)
            let user = map.FolderOf(TypeUses.Outermost(type))
            where user is not null
            from used in TypeUses.Of(type)
            let to = map.FolderOf(TypeUses.Outermost(used))
            where to is not null && layers[to] > layers[user]
            select $"{user} uses {to}: {TypeUses.Outermost(type)} -> {TypeUses.Outermost(used)}";
        Assert.True(!upward.Any(), string.Join('\n', upward.Distinct()));
    }

    [Theory]
    [InlineData(Transforms)]
    [InlineData(Trainers)]
    public void Videos_motion_and_tensors_know_no_pipeline(string project)
    {
        var map = Map(project);
        var offences =
            from type in Types(project)
            let folder = map.FolderOf(TypeUses.Outermost(type))
            where WithoutPipelines[project].Contains(folder)
            from used in TypeUses.Of(type)
            where IsOfPipelines(used)
            select $"{folder}: {TypeUses.Outermost(type)} -> {used.FullName}";
        Assert.True(!offences.Any(), string.Join('\n', offences.Distinct()));
    }

    [Fact]
    public void Motion_detection_does_not_reference_the_trainers_or_torch()
    {
        using var assembly = Open(Transforms);
        Assert.DoesNotContain(assembly.MainModule.AssemblyReferences, reference => reference.Name is Trainers or "TorchSharp");
    }

    private static bool IsOfPipelines(TypeReference used) =>
        used.Namespace == $"{Transforms}.MlNetBridge"
        || (used.Scope?.Name is { } scope && scope.StartsWith("Microsoft.ML", StringComparison.Ordinal) && !scope.StartsWith("Microsoft.ML.OnnxRuntime", StringComparison.Ordinal) && !Pictures.Contains(used.FullName));

    private static SourceMap Map(string project)
    {
        Assert.SkipWhen(SourceTree.Root is null, "The sources are not here.");
        return new SourceMap(SourceTree.Root, project);
    }

    private static List<TypeDefinition> Types(string project) => [.. Open(project).MainModule.GetTypes()];

    private static AssemblyDefinition Open(string project) => AssemblyDefinition.ReadAssembly(Path.Combine(AppContext.BaseDirectory, project + ".dll"));
}
