using System.CommandLine;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Mofo.ML.Cli.Options;

/// <summary>One property as an option.</summary>
internal sealed record PropertyOption(PropertyInfo Property, Option Option);

/// <summary>The properties of an options class of the library as options of a command: names, help, defaults and ranges come from the class.</summary>
internal sealed partial class OptionGroup<T>
    where T : class
{
    private const int LongestHint = 30;

    private readonly List<PropertyOption> _options = [];

    /// <param name="defaults">An object with the defaults to show.</param>
    /// <param name="shared">Options of other groups by name: a name that comes twice is one option for both.</param>
    /// <param name="except">Properties that the command sets by itself.</param>
    public OptionGroup(T defaults, Dictionary<string, Option> shared, params string[] except)
    {
        // The class's own properties come first, then those that it has in common with others.
        foreach (var property in typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance).OrderBy(property => property.DeclaringType != typeof(T)))
        {
            if (property.SetMethod is { IsPublic: true } && OptionText.Fits(property.PropertyType) && !except.Contains(property.Name))
            {
                var name = OptionNames.Of(property.Name);
                if (!shared.TryGetValue(name, out var option))
                {
                    shared.Add(name, option = New(name, property, property.GetValue(defaults)));
                }

                _options.Add(new PropertyOption(property, option));
            }
        }
    }

    public IReadOnlyList<PropertyOption> Options => _options;

    /// <summary>The options alone, for the command that has them.</summary>
    public IEnumerable<Symbol> Symbols => _options.Select(pair => pair.Option);

    /// <summary>Whether the user has given a property.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="property">Its name in the class.</param>
    public bool IsGiven(ParseResult parsed, string property) => GivenText.Of(parsed, _options.Single(pair => pair.Property.Name == property).Option) is not null;

    /// <summary>Sets what the user has given; the rest stays as it is.</summary>
    /// <exception cref="UsageException">A value is none of its kind.</exception>
    public T Apply(ParseResult parsed, T target)
    {
        foreach (var (property, option) in _options)
        {
            if (GivenText.Of(parsed, option) is not { } text)
            {
                continue;
            }

            try
            {
                property.SetValue(target, OptionText.Parse(property.PropertyType, OptionText.IsNullable(property), text, () => property.GetValue(target)));
            }
            catch (FormatException e)
            {
                throw new UsageException($"{option.Name} is '{text}'; {e.Message}.");
            }
        }

        return target;
    }

    /// <summary>All values as text, by the names of their options.</summary>
    public IEnumerable<KeyValuePair<string, string>> Values(T target) =>
        _options.Select(pair => KeyValuePair.Create(pair.Option.Name, OptionText.Format(pair.Property.GetValue(target))));

    private static Option New(string name, PropertyInfo property, object? value)
    {
        if (value is not null && SettingList.Fits(value.GetType()))
        {
            return NewOfSettings(name, property, value);
        }

        var shown = OptionText.Format(value);
        var text = $"{OptionDocs.Summary(property)} {WithoutDefault(OptionDocs.Value(property), shown)}".Trim();
        var description = shown.Length < 60 ? $"{text} [default: {shown}]" : text;
        if ((Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) == typeof(bool))
        {
            return new Option<bool?>(name) { Description = description, Arity = ArgumentArity.ZeroOrOne, HelpName = "true|false" };
        }

        // Many names would push the descriptions to the edge of the terminal: they stand in the text.
        var hint = OptionText.Hint(property.PropertyType);
        var isLong = hint.Length > LongestHint;
        var option = new Option<string?>(name) { Description = isLong ? $"{description} One of: {hint.Replace("|", ", ", StringComparison.Ordinal)}." : description, HelpName = isLong ? "name" : hint };
        var words = hint.Contains('|', StringComparison.Ordinal) ? hint.Split('|').Where(word => !word.Contains('=', StringComparison.Ordinal)).ToArray() : [];
        option.CompletionSources.Add(_ => words);
        return option;
    }

    /// <summary>An option that holds several settings: all of them stand in its help.</summary>
    private static Option<string?> NewOfSettings(string name, PropertyInfo property, object value)
    {
        var presets = SettingList.Presets(value.GetType()).Select(preset => OptionNames.Dashed(preset.Name)).ToArray();
        var text = $"{OptionDocs.Summary(property)} {SeeElsewhere().Replace(OptionDocs.Value(property), "")}".Trim();
        var option = new Option<string?>(name) { Description = $"{text} {SettingList.Describe(value)}", HelpName = presets.Length > 0 ? "preset,name=value,..." : "name=value,..." };
        option.CompletionSources.Add(_ => presets);
        return option;
    }

    /// <summary>The documentation of a range without its first words where those only repeat the default that is shown.</summary>
    private static string WithoutDefault(string value, string shown)
    {
        var match = LeadingDefault().Match(value);
        if (!match.Success || !match.Groups["value"].Value.Replace(",", "", StringComparison.Ordinal).Equals(shown, StringComparison.OrdinalIgnoreCase))
        {
            return value;
        }

        var rest = value[match.Length..].TrimStart();
        return rest.Length == 0 ? "" : char.ToUpper(rest[0], CultureInfo.InvariantCulture) + rest[1..];
    }

    [GeneratedRegex(@"^Default: see [^.]*\.", RegexOptions.NonBacktracking)]
    private static partial Regex SeeElsewhere();

    [GeneratedRegex(@"^Default (?<value>[\w,.-]*\w)[;.]( |$)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex LeadingDefault();
}

/// <summary>What the user gave for an option.</summary>
internal static class GivenText
{
    /// <summary>The text; "true" for an option without one; null where it is not given.</summary>
    public static string? Of(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false } result
        ? result.Tokens.Count > 0 ? result.Tokens[^1].Value : "true"
        : null;
}
