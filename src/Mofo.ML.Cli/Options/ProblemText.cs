using System.Reflection;
using Mofo.ML.Trainers;
using Mofo.ML.Transforms;

namespace Mofo.ML.Cli.Options;

/// <summary>Problems that the library finds in options, in the words of the command line.</summary>
internal static class ProblemText
{
    /// <summary>The libraries whose options classes are options here.</summary>
    internal static readonly Assembly[] Libraries = [typeof(MotionDetectionOptions).Assembly, typeof(MofoTrainingOptions).Assembly];

    /// <summary>
    /// <c>Window is 65; ...</c> is said of <c>--window</c>, <c>Model.Input is Pixels; ...</c> and <c>Depth is 0; ...</c> of <c>--model: input</c> and <c>--model: depth</c>. A problem that does not
    /// begin with the name of a setting stays as it is.
    /// </summary>
    /// <param name="optionsName">Name of the options class.</param>
    /// <param name="problem">What is wrong.</param>
    public static string Of(string optionsName, string problem)
    {
        var name = problem.Split(' ', 2)[0];
        var type = Libraries.SelectMany(library => library.GetExportedTypes()).FirstOrDefault(type => type.Name == optionsName);
        return type is not null && PathTo(type, name.Split('.')) is { } path
            ? string.Join(": ", [OptionNames.Of(path[0]), .. path.Skip(1).Select(OptionNames.Dashed)]) + problem[name.Length..]
            : problem;
    }

    /// <summary>The option and, where it holds several settings, the setting in it.</summary>
    private static string[]? PathTo(Type options, string[] names) =>
        Setting(options, names[0]) is { } own ? names.Length == 1 || Setting(own.PropertyType, names[1]) is not null ? names : null
        : options.GetProperties().FirstOrDefault(property => SettingList.Fits(property.PropertyType) && Setting(property.PropertyType, names[0]) is not null) is { } holder ? [holder.Name, .. names]
        : null;

    private static PropertyInfo? Setting(Type type, string name) => type.GetProperty(name, BindingFlags.Public | BindingFlags.Instance);
}
