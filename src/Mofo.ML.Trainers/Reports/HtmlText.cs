using System.Globalization;
using System.Net;

namespace Mofo.ML.Trainers.Reports;

/// <summary>Texts and numbers as they stand in a page.</summary>
internal static class HtmlText
{
    /// <summary>Stands for a value that there is none of.</summary>
    public const string Nothing = "–";

    /// <summary>A text with markup escaped, between tags or in an attribute.</summary>
    public static string Of(string text) => WebUtility.HtmlEncode(text);

    /// <summary>A share in [0, 1] with three digits.</summary>
    public static string Share(double? value) => value is { } share && !double.IsNaN(share) ? share.ToString("0.000", CultureInfo.InvariantCulture) : Nothing;

    /// <summary>A coordinate or length in a drawing.</summary>
    public static string Length(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
