using System.Reflection;

namespace Mofo.ML.Cli.Options;

/// <summary>
/// An object of settings in one option: <c>name=value,name=value</c>, for a network after the name of a preset if need be (<c>micro,frames=16</c>). What is not named keeps its value.
/// </summary>
internal static class SettingList
{
    /// <summary>Whether a type is such an object: it can be made empty, and all its settings are plain values.</summary>
    public static bool Fits(Type type) => type.IsClass && type != typeof(string) && !type.IsAbstract && type.GetConstructor(Type.EmptyTypes) is not null && Settings(type).Any();

    /// <summary>Presets, settings, defaults and ranges in a sentence or two.</summary>
    /// <param name="defaults">An object with the defaults to show.</param>
    public static string Describe(object defaults)
    {
        var type = defaults.GetType();
        string[] presets = [.. Presets(type).Select(preset => OptionNames.Dashed(preset.Name))];
        var begin = presets.Length == 0 ? "" : $"A preset ({string.Join(", ", presets)}), or changes of single settings, or both ({presets[^1]},name=value). ";
        return $"{begin}Settings: {string.Join("; ", Settings(type).Select(setting => $"{OptionNames.Dashed(setting.Name)}={OptionText.Format(setting.GetValue(defaults))}{OptionDocs.Range(setting)}"))}.";
    }

    public static string Hint(Type type) => (Presets(type).Any() ? string.Join('|', Presets(type).Select(preset => OptionNames.Dashed(preset.Name))) + "|" : "") + "name=value,...";

    /// <summary>The presets of a type: its static properties that give an object of it.</summary>
    public static IEnumerable<PropertyInfo> Presets(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Static).Where(property => property.PropertyType == type);

    /// <exception cref="FormatException">A part is no setting; the message names it.</exception>
    public static object Parse(Type type, string text, object? current)
    {
        var target = Copy(type, current);
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var pair = part.Split('=', 2);
            if (pair.Length == 1)
            {
                target = Copy(type, Preset(type, part).GetValue(null));
                continue;
            }

            var setting = Settings(type).FirstOrDefault(property => OptionNames.Dashed(property.Name).Equals(pair[0], StringComparison.OrdinalIgnoreCase) || property.Name.Equals(pair[0], StringComparison.OrdinalIgnoreCase))
                ?? throw new FormatException($"'{pair[0]}' is none of its settings, which are {string.Join(", ", Settings(type).Select(property => OptionNames.Dashed(property.Name)))}");
            try
            {
                setting.SetValue(target, OptionText.Parse(setting.PropertyType, OptionText.IsNullable(setting), pair[1], () => setting.GetValue(target)));
            }
            catch (FormatException e)
            {
                throw new FormatException($"{pair[0]} is '{pair[1]}'; {e.Message}", e);
            }
        }

        return target;
    }

    public static string Format(object value) =>
        string.Join(',', Settings(value.GetType()).Select(property => $"{OptionNames.Dashed(property.Name)}={OptionText.Format(property.GetValue(value))}"));

    private static PropertyInfo Preset(Type type, string name) =>
        Presets(type).FirstOrDefault(preset => OptionNames.Dashed(preset.Name).Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new FormatException($"'{name}' is neither a setting (name=value) nor one of {string.Join(", ", Presets(type).Select(preset => OptionNames.Dashed(preset.Name)))}");

    private static object Copy(Type type, object? value)
    {
        var copy = Activator.CreateInstance(type)!;
        foreach (var property in value is null ? [] : Settings(type))
        {
            property.SetValue(copy, property.GetValue(value));
        }

        return copy;
    }

    private static IEnumerable<PropertyInfo> Settings(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.SetMethod is { IsPublic: true } && (property.PropertyType.IsValueType || property.PropertyType == typeof(string)) && OptionText.Fits(property.PropertyType));
}
