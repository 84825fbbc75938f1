using System.CommandLine;
using System.CommandLine.Parsing;

namespace Mofo.ML.Cli.Options;

/// <summary>A name with two dashes that is no option of the command: the parser would take it for the path of a video.</summary>
internal static class UnknownOption
{
    /// <summary>Letters that may differ from the option that is suggested.</summary>
    private const int LargestDistance = 3;

    /// <summary>What is wrong and what may be meant; null where every such name is an option, a file or a folder.</summary>
    public static string? Problem(ParseResult parsed)
    {
        var unknown = parsed.Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash)
            .FirstOrDefault(token => token.Type == TokenType.Argument && token.Value.StartsWith("--", StringComparison.Ordinal) && !Path.Exists(token.Value))?.Value;
        return unknown is null ? null : $"There is no option '{unknown}'." + (Nearest(parsed, unknown.Split('=')[0]) is { } name ? $" Did you mean {name}?" : "");
    }

    private static string? Nearest(ParseResult parsed, string given)
    {
        var command = parsed.CommandResult.Command;
        var (name, distance) = command.Options.Concat(command.Parents.OfType<Command>().SelectMany(parent => parent.Options)).Select(option => option.Name)
            .Select(name => (Name: name, Distance: Distance(name, given))).MinBy(pair => pair.Distance);
        return distance <= LargestDistance ? name : null;
    }

    /// <summary>Letters to insert, remove or replace (Levenshtein 1966).</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            (var diagonal, row[0]) = (row[0], i);
            for (var j = 1; j <= b.Length; j++)
            {
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)));
            }
        }

        return row[^1];
    }
}
