using System.Text.RegularExpressions;

namespace Mofo.ML.Trainers.Reports;

/// <summary>The page around the sections: one file with its style and its script, which loads nothing from elsewhere but the user's own videos.</summary>
internal static partial class ReportPage
{
    /// <param name="title">Heading.</param>
    /// <param name="sections">HTML.</param>
    /// <param name="folder">Where the page will lie: paths of videos start there.</param>
    public static string Of(string title, IReadOnlyList<string> sections, string folder)
    {
        var body = VideoPath().Replace(string.Join('\n', sections), match => HtmlText.Of(Address(folder, System.Net.WebUtility.HtmlDecode(match.Groups["path"].Value))));
        return $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; media-src 'self' file:; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
            <title>{HtmlText.Of(title)}</title>
            <style>
            {Resource("report.css")}
            </style>
            </head>
            <body>
            <h1>{HtmlText.Of(title)}</h1>
            {body}
            <script>
            {Resource("report.js")}
            </script>
            </body>
            </html>
            """;
    }

    /// <summary>A path as an address from a folder; a full file address where there is no way from one to the other.</summary>
    private static string Address(string folder, string path)
    {
        var relative = Path.GetRelativePath(folder, path);
        return Path.IsPathRooted(relative)
            ? new Uri(path).AbsoluteUri
            : string.Join('/', relative.Split(Path.DirectorySeparatorChar).Select(Uri.EscapeDataString));
    }

    private static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(ReportPage).Assembly.GetManifestResourceStream($"Mofo.ML.Trainers.Reports.{name}")!);
        return reader.ReadToEnd();
    }

    [GeneratedRegex("\u0001(?<path>[^\u0001]*)\u0001", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex VideoPath();
}
