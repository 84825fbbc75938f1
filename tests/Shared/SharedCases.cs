namespace Mofo.ML.Tests.Shared;

/// <summary>Inputs that others reported as read wrongly: folder from MOFO_CASES, else shared/cases beside the checkout.</summary>
internal static class SharedCases
{
    private static readonly string? Root = SharedFolder.Find("MOFO_CASES", "cases");

    /// <summary>Full path of a file or folder among the cases; skips the running test when it is absent.</summary>
    public static string PathOf(string relative)
    {
        Assert.SkipWhen(Root is null, "Reported cases absent: set MOFO_CASES or put them at ../shared/cases.");
        var path = Path.Combine(Root!, relative);
        Assert.SkipUnless(File.Exists(path) || Directory.Exists(path), $"These cases have no {relative}.");
        return path;
    }
}
