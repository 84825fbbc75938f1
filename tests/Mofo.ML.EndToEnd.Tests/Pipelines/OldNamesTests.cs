using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Mofo.ML.EndToEnd.Tests.Pipelines;

/// <summary>Names from before 1.0 still work: each makes the stage that the new name makes, and says which name that is.</summary>
public sealed class OldNamesTests(TrainedPipeline trained) : IClassFixture<TrainedPipeline>
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly TrainedPipeline _pipeline = trained.Exact();

    public static TheoryData<string> Names => [.. OldMethods().Select(method => method.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void An_old_name_makes_the_same_stage(string name)
    {
        var old = OldMethods().Single(method => method.Name == name);
        var said = old.GetCustomAttribute<ObsoleteAttribute>()!.Message!;
        Assert.Matches(@"^Use \w+\.$", said);
        var current = old.DeclaringType!.GetMethods().Single(method => method.Name == said[4..^1] && Types(method).SequenceEqual(Types(old)));
        var file = _pipeline.Scratch(name + ".onnx");
        _pipeline.Classifier.SaveAsOnnx(file);
        var (first, second) = (Make(old, file), Make(current, file));
        Assert.Equal(first.GetType(), second.GetType());
        Assert.Equal(Settings(first), Settings(second));
    }

    [Fact]
    public void The_names_that_the_README_of_the_first_versions_showed_are_among_them() => Assert.Equal(["AverageViews", "LoadClips", "ScoreMofoOnnx"], OldMethods().Select(method => method.Name).Order());

    private static IEnumerable<MethodInfo> OldMethods() =>
        from assembly in new[] { typeof(Mofo.ML.Transforms.MotionDetector).Assembly, typeof(Mofo.ML.Trainers.MofoPretrainer).Assembly }
        from type in assembly.GetExportedTypes()
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        where method.GetCustomAttribute<ObsoleteAttribute>() is not null
        select method;

    private static IEnumerable<Type> Types(MethodInfo method) => method.GetParameters().Select(parameter => parameter.ParameterType);

    /// <summary>Calls an extension method of the transforms catalog with a model file, and what it takes by default.</summary>
    private object Make(MethodInfo method, string file) =>
        method.Invoke(null, [_ml.Transforms, file, .. method.GetParameters().Skip(2).Select(parameter => parameter.DefaultValue)])!;

    /// <summary>What the stage was made with: the values of its fields, and of theirs.</summary>
    private static string[] Settings(object stage, int depth = 2) =>
    [
        .. from type in Ancestors(stage.GetType())
           from field in type.GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly)
           let value = field.GetValue(stage)
           from line in value is null or string or ValueType || depth == 0 || value is MLContext ? [$"{value}"] : Settings(value, depth - 1)
           select $"{field.Name}: {line}",
    ];

    private static IEnumerable<Type> Ancestors(Type type)
    {
        for (var at = type; at is not null && at != typeof(object); at = at.BaseType)
        {
            yield return at;
        }
    }
}
