using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Mofo.ML.Transforms;

namespace Mofo.ML.Trainers.Tests.Training;

/// <summary>Options are saved with the model, after the training: a number that JSON has no word for must be refused before it.</summary>
public sealed class FiniteOptionsTests
{
    private static readonly double[] Values = [double.PositiveInfinity, double.NegativeInfinity, double.NaN];

    private static readonly JsonSerializerOptions Json = new() { Converters = { new JsonStringEnumConverter() } };

    private static IEnumerable<Type> Classes => new[] { typeof(MotionDetectionOptions).Assembly, typeof(MofoTrainingOptions).Assembly }.SelectMany(assembly => assembly.GetExportedTypes())
        .Where(type => type is { IsAbstract: false } && type.Name.EndsWith("Options", StringComparison.Ordinal));

    public static TheoryData<string, double> Numbers => [.. Classes.SelectMany(type => Paths(type).Select(path => $"{type.Name}.{path}")).SelectMany(path => Values, (path, value) => (path, value))];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void A_number_that_is_not_finite_is_refused_or_survives_saving(string path, double value)
    {
        var names = path.Split('.');
        var type = Classes.Single(type => type.Name == names[0]);
        var options = Activator.CreateInstance(type)!;
        Set(options, names[1..], value);
        try
        {
            _ = type.GetMethod("Validate", BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance, [])!.Invoke(options, null);
        }
        catch (TargetInvocationException e) when (e.InnerException is MofoOptionsException refused)
        {
            Assert.Contains(names[^1], refused.Message);
            return;
        }

        var copy = JsonSerializer.Deserialize(JsonSerializer.Serialize(options, type, Json), type, Json)!;
        Assert.Equal(value, Get(copy, names[1..]));
    }

    [Fact]
    public void The_numbers_of_all_options_classes_are_tried()
    {
        var paths = Numbers.Select(row => row.Data.Item1).ToHashSet();
        Assert.Superset(
            new HashSet<string>
            {
                "MofoFinetuningOptions.GradientClip", "MofoPretrainingOptions.CheckpointMinutes", "MofoPretrainingOptions.Model.MlpRatio", "MofoFinetuningOptions.VideoLimits.MaxWaitSeconds",
                "MotionDetectionOptions.TvL1.Tau", "MotionMapOptions.Detection.TvL1.Tau", "MofoModelOptions.Mean",
            },
            paths);
    }

    [Theory]
    [InlineData("GradientClip", "GradientClip is Infinity; it must be above 0 and finite, or null for none.")]
    [InlineData("CheckpointMinutes", "CheckpointMinutes is Infinity; it must be at least 0 and finite, or null for none within epochs.")]
    public void The_message_names_option_value_and_range(string name, string message)
    {
        var options = new MofoPretrainingOptions();
        Set(options, [name], double.PositiveInfinity);
        Assert.Equal([message], Assert.Throws<MofoOptionsException>(options.Validate).Problems);
    }

    private static IEnumerable<string> Paths(Type type) => Settable(type).SelectMany(property =>
        IsNumber(property.PropertyType) ? [property.Name]
        : IsPart(property.PropertyType) ? Paths(property.PropertyType).Select(path => $"{property.Name}.{path}")
        : Enumerable.Empty<string>());

    private static IEnumerable<PropertyInfo> Settable(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.SetMethod is { IsPublic: true });

    private static bool IsNumber(Type type) => (Nullable.GetUnderlyingType(type) ?? type) is var core && (core == typeof(double) || core == typeof(float) || core == typeof(IReadOnlyList<float>));

    /// <summary>Settings within settings.</summary>
    private static bool IsPart(Type type) => type is { IsClass: true, IsAbstract: false } && type.Namespace!.StartsWith("Mofo.ML", StringComparison.Ordinal) && type.GetConstructor([]) is not null;

    /// <summary>Sets a number in new parts, since a default may be shared.</summary>
    private static void Set(object owner, string[] names, double value)
    {
        var property = owner.GetType().GetProperty(names[0])!;
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        if (names.Length > 1)
        {
            var part = Activator.CreateInstance(type)!;
            Set(part, names[1..], value);
            property.SetValue(owner, part);
            return;
        }

        property.SetValue(owner, type == typeof(IReadOnlyList<float>) ? new[] { 0.5f, (float)value, 0.5f } : Convert.ChangeType(value, type, CultureInfo.InvariantCulture));
    }

    private static double Get(object owner, string[] names) => owner.GetType().GetProperty(names[0])!.GetValue(owner) is var found && names.Length > 1
        ? Get(found!, names[1..])
        : found is IReadOnlyList<float> list ? list[1] : Convert.ToDouble(found, CultureInfo.InvariantCulture);
}
