using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.ML;

namespace Mofo.ML.EndToEnd.Tests.Architecture;

/// <summary>The names of the public API keep to the scheme in CONTRIBUTING.md.</summary>
public sealed class PublicNamesTests
{
    /// <summary>Words that say whose an extension method on ML.NET's catalogs is.</summary>
    private static readonly string[] OwnWords = ["Mofo", "Motion", "Video", "EpicKitchens"];

    /// <summary>The trainers and their transformers have the names of the first version, which programs use.</summary>
    private static readonly string[] Trainers = ["MofoPretrainer", "MofoFinetuneTrainer", "MofoPretrainedTransformer", "MofoClassificationTransformer"];

    private static readonly Type[] Types =
        [.. new[] { typeof(Mofo.ML.Transforms.MotionBox), typeof(Mofo.ML.Trainers.VitConfig) }.SelectMany(type => type.Assembly.GetExportedTypes())];

    [Fact]
    public void Namespaces_say_who_a_type_is_for()
    {
        string[] expected = ["Microsoft.ML", "Mofo.ML.Research", "Mofo.ML.Trainers", "Mofo.ML.Transforms"];
        Assert.Equal(expected, Types.Select(type => type.Namespace!).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Names_in_the_namespace_of_ML_NET_say_that_they_are_ours()
    {
        Assert.All(Types.Where(type => type.Namespace == "Microsoft.ML"), type => Assert.Matches("^Mofo[A-Za-z]+Catalog$", type.Name));
        Assert.All(CatalogMethods(), method => Assert.Contains(OwnWords, word => method.Name.Contains(word, StringComparison.Ordinal)));
    }

    [Fact]
    public void The_types_of_a_stage_share_a_stem()
    {
        var estimators = Types.Where(type => FittedBy(type) is not null).ToList();
        Assert.NotEmpty(estimators);
        foreach (var estimator in estimators.Where(type => !type.IsAbstract && !Trainers.Contains(type.Name)))
        {
            var stem = estimator.Name.EndsWith("Estimator", StringComparison.Ordinal) ? estimator.Name[..^"Estimator".Length] : null;
            Assert.True(stem is not null, $"{estimator.Name} does not end in Estimator.");
            Assert.Equal(stem + "Transformer", FittedBy(estimator)!.Name);
            var options = CatalogMethods().Where(method => method.ReturnType == estimator).SelectMany(method => method.GetParameters())
                .Where(parameter => parameter.Name == "options").Select(parameter => parameter.ParameterType.Name).Distinct();
            Assert.All(options, name => Assert.Equal(stem + "Options", name));
        }
    }

    [Fact]
    public void A_stage_with_options_takes_them_without_the_names_of_columns()
    {
        var stages = CatalogMethods().Where(method => FittedBy(method.ReturnType) is not null).ToList();
        var withOptions = stages.Where(method => method.GetParameters().Any(parameter => parameter.Name == "options")).Select(method => method.Name).Distinct().ToList();
        Assert.NotEmpty(withOptions);
        Assert.Equal([], withOptions.Except(stages.Where(TakesOptionsAlone).Select(method => method.Name)));

        static bool TakesOptionsAlone(MethodInfo method) => method.GetParameters() is [.., { Name: "options", IsOptional: false }] parameters
            && !Array.Exists(parameters, parameter => parameter.Name!.EndsWith("ColumnName", StringComparison.Ordinal) || parameter.ParameterType == typeof(InputOutputColumnPair[]));
    }

    private static IEnumerable<MethodInfo> CatalogMethods() => Types.Where(type => type.Namespace == "Microsoft.ML")
        .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
        .Where(method => method.IsDefined(typeof(ExtensionAttribute)) && !method.IsDefined(typeof(ObsoleteAttribute)));

    private static Type? FittedBy(Type type) => type.GetInterfaces()
        .FirstOrDefault(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IEstimator<>))?.GetGenericArguments()[0];
}
