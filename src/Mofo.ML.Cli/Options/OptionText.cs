using System.Globalization;
using System.Reflection;

namespace Mofo.ML.Cli.Options;

/// <summary>Values of options as text, both ways: what is written reads back as the same value, whatever the culture.</summary>
internal static class OptionText
{
    /// <summary>Stands for "no value" where a property may be null.</summary>
    public const string None = "none";

    /// <summary>Whether values of this type can be given as text.</summary>
    public static bool Fits(Type type) => Core(type) is var core
        && (core == typeof(int) || core == typeof(long) || core == typeof(double) || core == typeof(bool) || core == typeof(string) || core.IsEnum || IsList(core) || SettingList.Fits(core));

    /// <summary>What stands for the value in the help.</summary>
    public static string Hint(Type type) => Core(type) is var core && core.IsEnum ? string.Join('|', Enum.GetNames(core))
        : core == typeof(int) || core == typeof(long) ? "integer"
        : core == typeof(double) ? "number"
        : core == typeof(bool) ? "true|false"
        : IsList(core) ? "number,number,..."
        : SettingList.Fits(core) ? SettingList.Hint(core)
        : "text";

    /// <exception cref="FormatException">The text is no such value; the message says what is.</exception>
    public static object? Parse(Type type, bool nullable, string text, Func<object?> current)
    {
        var core = Core(type);
        if (nullable && text.Equals(None, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        if (core.IsEnum)
        {
            return Enum.GetNames(core).FirstOrDefault(name => name.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } name
                ? Enum.Parse(core, name)
                : throw new FormatException($"it must be one of {string.Join(", ", Enum.GetNames(core))}");
        }

        return core switch
        {
            _ when core == typeof(string) => text,
            _ when core == typeof(bool) => bool.TryParse(text, out var flag) ? flag : throw new FormatException("it must be true or false"),
            _ when core == typeof(int) => int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var whole) ? whole : throw new FormatException("it must be a whole number"),
            _ when core == typeof(long) => long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var large) ? large : throw new FormatException("it must be a whole number"),
            _ when core == typeof(double) => Number(text),
            _ when IsList(core) => (IReadOnlyList<float>)[.. text.Split(',').Select(part => (float)Number(part))],
            _ => SettingList.Parse(core, text, current()),
        };
    }

    /// <summary>The text that reads back as this value.</summary>
    public static string Format(object? value) => value switch
    {
        null => None,
        bool flag => flag ? "true" : "false",
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        IReadOnlyList<float> list => string.Join(',', list.Select(part => part.ToString("R", CultureInfo.InvariantCulture))),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        string text => text,
        _ => SettingList.Format(value),
    };

    /// <summary>Whether a property takes null.</summary>
    public static bool IsNullable(PropertyInfo property) =>
        Nullable.GetUnderlyingType(property.PropertyType) is not null
        || (!property.PropertyType.IsValueType && new NullabilityInfoContext().Create(property).WriteState == NullabilityState.Nullable);

    private static double Number(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw new FormatException("it must be a number, with a point before the decimals");

    private static bool IsList(Type type) => type == typeof(IReadOnlyList<float>);

    private static Type Core(Type type) => Nullable.GetUnderlyingType(type) ?? type;
}
