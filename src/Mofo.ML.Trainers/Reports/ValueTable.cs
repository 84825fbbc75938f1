using System.Text;

namespace Mofo.ML.Trainers.Reports;

/// <summary>Names and values.</summary>
internal static class ValueTable
{
    public static string Section(string heading, IEnumerable<KeyValuePair<string, string>> values)
    {
        var html = new StringBuilder($"<section><details><summary>{HtmlText.Of(heading)}</summary><table class=\"values\"><tbody>");
        foreach (var (name, value) in values)
        {
            html.Append($"<tr><td>{HtmlText.Of(name)}</td><td>{HtmlText.Of(value)}</td></tr>");
        }

        return html.Append("</tbody></table></details></section>").ToString();
    }
}
