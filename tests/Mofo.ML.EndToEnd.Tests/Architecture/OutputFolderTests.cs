using System.Diagnostics;
using System.Globalization;

namespace Mofo.ML.EndToEnd.Tests.Architecture;

/// <summary>A program that runs must not change while another project is built: only native files of packages are links.</summary>
public sealed class OutputFolderTests
{
    [Fact]
    public void Our_assemblies_are_copies_and_native_files_are_links()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Links are counted with stat of Linux.");
        var folder = AppContext.BaseDirectory;
        var ours = Directory.GetFiles(folder, "Mofo.ML.*.dll");
        Assert.NotEmpty(ours);
        Assert.All(ours, file => Assert.True(Links(file) == 1 && !IsSymbolic(file), $"{file} is a link. If it is one of an earlier build, delete the folders bin and obj once."));

        var native = Directory.EnumerateFiles(folder, "libtorch_cpu.so", SearchOption.AllDirectories).ToList();
        Assert.SkipWhen(native.Count == 0, "libtorch is not in the output folder.");
        Assert.All(native, file => Assert.True(Links(file) > 1 || IsSymbolic(file), $"{file} is a copy."));
    }

    private static bool IsSymbolic(string file) => File.ResolveLinkTarget(file, returnFinalTarget: false) is not null;

    private static int Links(string file)
    {
        using var stat = Process.Start(new ProcessStartInfo("stat", ["-c", "%h", file]) { RedirectStandardOutput = true })!;
        var text = stat.StandardOutput.ReadToEnd();
        stat.WaitForExit();
        return int.Parse(text, CultureInfo.InvariantCulture);
    }
}
