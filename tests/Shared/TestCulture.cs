using System.Globalization;
using System.Runtime.CompilerServices;

namespace Mofo.ML.Tests.Shared;

/// <summary>
/// The culture that every test and every helper process of the tests runs under: one with a decimal comma, so that text which is written or read without
/// the invariant culture shows at once.
/// </summary>
/// <remarks>
/// <c>MOFO_TEST_CULTURE</c> chooses another: <c>invariant</c>, or a name such as <c>fr-FR</c>, which needs libicu and
/// <c>DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=0</c>. The default is built by hand from the invariant culture and needs no libicu.
/// </remarks>
internal static class TestCulture
{
    public const string Variable = "MOFO_TEST_CULTURE";

    /// <summary>Worse than any real culture: "0.5" reads as 5, "-1" does not read at all, dates and times have unusual separators.</summary>
    public static CultureInfo Comma { get; } = MakeComma();

    public static CultureInfo Chosen() => Environment.GetEnvironmentVariable(Variable) switch
    {
        null or "" or "comma" => Comma,
        "invariant" => CultureInfo.InvariantCulture,
        var name => CultureInfo.GetCultureInfo(name),
    };

    [ModuleInitializer]
    internal static void Apply()
    {
        var culture = Chosen();
        CultureInfo.CurrentCulture = culture;
        CultureInfo.CurrentUICulture = culture;
        CultureInfo.DefaultThreadCurrentCulture = culture;
        CultureInfo.DefaultThreadCurrentUICulture = culture;
    }

    private static CultureInfo MakeComma()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = ",";
        culture.NumberFormat.NumberGroupSeparator = ".";
        culture.NumberFormat.PercentDecimalSeparator = ",";
        culture.NumberFormat.PercentGroupSeparator = ".";
        culture.NumberFormat.CurrencyDecimalSeparator = ",";
        culture.NumberFormat.CurrencyGroupSeparator = ".";
        culture.NumberFormat.NegativeSign = "\u2212"; // as in Swedish, Norwegian and Finnish
        culture.NumberFormat.PositiveInfinitySymbol = "\u221e";
        culture.NumberFormat.NegativeInfinitySymbol = "\u2212\u221e";
        culture.NumberFormat.NaNSymbol = "ep\u00e4luku";
        culture.DateTimeFormat.DateSeparator = "-";
        culture.DateTimeFormat.TimeSeparator = ".";
        return CultureInfo.ReadOnly(culture);
    }
}
