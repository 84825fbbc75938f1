namespace Mofo.ML.EndToEnd.Tests.NativeLibraries;

/// <summary>The heap of a program that uses the library, as the kernel sees it.</summary>
public sealed class HugePagesTests
{
    private const string Setting = "/sys/kernel/mm/transparent_hugepage/enabled";

    [Fact]
    public void The_heap_asks_for_huge_pages()
    {
        Assert.SkipUnless(File.Exists(Setting), "This system has no transparent huge pages.");
        Assert.Contains(HeapFlags([]), IsHuge);
    }

    [Theory]
    [InlineData("GLIBC_TUNABLES", "glibc.malloc.top_pad=131072")]
    [InlineData("MALLOC_TRIM_THRESHOLD_", "131072")]
    [InlineData("MALLOC_PERTURB_", "85")]
    public void A_heap_with_settings_of_the_user_stays_as_the_user_has_set_it(string variable, string value)
    {
        Assert.SkipUnless(File.Exists(Setting), "This system has no transparent huge pages.");
        Assert.DoesNotContain(HeapFlags(new Dictionary<string, string> { [variable] = value }), IsHuge);
    }

    private static bool IsHuge(string flags) => flags.Split(' ').Contains("hg");

    private static string[] HeapFlags(Dictionary<string, string> environment)
    {
        var run = SecondProcess.Start(SecondProcess.Host, [SecondProcess.Program, "heap"], environment);
        Assert.True(run.ExitCode == 0, run.Errors);
        var flags = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.NotEmpty(flags);
        return flags;
    }
}
