using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Mofo.ML.Cli.Options;

/// <summary>What the libraries' own documentation says of a property: the help of its option.</summary>
internal static partial class OptionDocs
{
    private static readonly Lazy<Dictionary<string, XElement>> Members = new(Load);

    /// <summary>What it is for: the summary as plain text.</summary>
    public static string Summary(PropertyInfo property) => Text(property, "summary");

    /// <summary>Default and range: the value element as plain text.</summary>
    public static string Value(PropertyInfo property) => Text(property, "value");

    /// <summary>The range alone, such as "in [1, 64]" or "at least 1"; empty where the value element has none.</summary>
    public static string Range(PropertyInfo property) => RangeText().Match(Value(property)) is { Success: true } match ? " " + match.Value.Replace("In ", "in ", StringComparison.Ordinal) : "";

    private static string Text(PropertyInfo property, string element) =>
        Members.Value.TryGetValue($"P:{property.DeclaringType!.FullName!.Replace('+', '.')}.{property.Name}", out var member) && member.Element(element) is { } found
            ? NoValue().Replace(Spaces().Replace(string.Concat(found.Nodes().Select(Plain)), " ").Trim(), OptionText.None)
            : "";

    private static string Plain(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "see" or "paramref" } link => Linked(link),
        XElement inner => string.Concat(inner.Nodes().Select(Plain)),
        _ => "",
    };

    private static string Linked(XElement link)
    {
        var target = (string?)link.Attribute("cref") ?? (string?)link.Attribute("name") ?? (string?)link.Attribute("langword") ?? "";
        var parts = target.Split('(')[0].Split('.');
        // A property of an options class is an option here; another type's member keeps its type's name out of the way.
        return target.StartsWith("P:", StringComparison.Ordinal) && IsOption(string.Join('.', parts[..^1])[2..], parts[^1]) ? OptionNames.Of(parts[^1]) : parts[^1];
    }

    private static bool IsOption(string type, string property) => type.EndsWith("Options", StringComparison.Ordinal)
        && ProblemText.Libraries.Select(library => library.GetType(type)?.GetProperty(property)).FirstOrDefault(found => found is not null) is { SetMethod.IsPublic: true } setting && OptionText.Fits(setting.PropertyType);

    private static Dictionary<string, XElement> Load()
    {
        var members = new Dictionary<string, XElement>();
        var program = typeof(OptionDocs).Assembly;
        foreach (var name in program.GetManifestResourceNames().Where(name => name.EndsWith(".xml", StringComparison.Ordinal)))
        {
            using var stream = program.GetManifestResourceStream(name)!;
            foreach (var member in XDocument.Load(stream).Descendants("member"))
            {
                members[(string)member.Attribute("name")!] = member;
            }
        }

        return members;
    }

    [GeneratedRegex(@"\b(?:[Ii]n [\[(][^\])]*[\])]|at least [\d.,]*\d)", RegexOptions.NonBacktracking)]
    private static partial Regex RangeText();

    [GeneratedRegex(@"\bnull\b", RegexOptions.NonBacktracking)]
    private static partial Regex NoValue();

    [GeneratedRegex(@"\s+", RegexOptions.NonBacktracking)]
    private static partial Regex Spaces();
}
