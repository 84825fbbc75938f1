using System.Text;

namespace Mofo.ML.Cli.Options;

/// <summary>Names of properties as options: <c>BaseLearningRate</c> is <c>--base-learning-rate</c>.</summary>
internal static class OptionNames
{
    public static string Of(string property) => "--" + Dashed(property);

    /// <summary>The words of a name in lower case with dashes between; digits stay with the word before them.</summary>
    public static string Dashed(string name)
    {
        var text = new StringBuilder();
        for (var i = 0; i < name.Length; i++)
        {
            // A new word begins at a capital after a small letter or digit, and at the last capital of several (TVLimit: tv-limit).
            var begins = i > 0 && char.IsUpper(name[i]) && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1])));
            text.Append(begins ? "-" : "").Append(char.ToLowerInvariant(name[i]));
        }

        return text.ToString();
    }
}
