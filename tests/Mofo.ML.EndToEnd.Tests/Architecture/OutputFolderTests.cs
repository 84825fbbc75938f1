using System.Diagnostics;
using System.Globalization;
using System.Xml.Linq;

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

    [Fact]
    public void No_project_file_turns_on_the_links_of_MSBuild_which_make_no_difference_between_files()
    {
        Assert.SkipWhen(SourceTree.Root is null, "The sources are not here.");
        string[] folders = ["src", "tests", "examples", "samples", "benchmarks"];
        string[] files =
        [
            .. Directory.GetFiles(SourceTree.Root, "Directory.*"),
            .. folders.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(SourceTree.Root, folder), "*", SearchOption.AllDirectories)).Where(IsOfMsBuild),
        ];
        Assert.Contains(files, file => Path.GetFileName(file) == "Directory.Build.targets");
        Assert.Contains(files, file => Path.GetFileName(file) == "Mofo.ML.Trainers.csproj");
        Assert.Equal([], from file in files from property in XDocument.Load(file).Descendants() where IsSwitch(property.Name.LocalName) select $"{file}: {property}");
    }

    /// <summary>CreateHardLinksForCopyLocalIfPossible and its relatives, also those for symbolic links and other kinds of files.</summary>
    private static bool IsSwitch(string property) =>
        property.StartsWith("Create", StringComparison.OrdinalIgnoreCase) && property.EndsWith("IfPossible", StringComparison.OrdinalIgnoreCase) && property.Contains("LinksForCopy", StringComparison.OrdinalIgnoreCase);

    /// <summary>What packages bring (<c>buildTransitive</c>) is for the projects of their users, not for ours.</summary>
    private static bool IsOfMsBuild(string file) =>
        Path.GetExtension(file) is ".csproj" or ".props" or ".targets" && !file.Split(Path.DirectorySeparatorChar).Any(folder => folder is "obj" or "bin" or "buildTransitive");

    private static bool IsSymbolic(string file) => File.ResolveLinkTarget(file, returnFinalTarget: false) is not null;

    private static int Links(string file)
    {
        using var stat = Process.Start(new ProcessStartInfo("stat", ["-c", "%h", file]) { RedirectStandardOutput = true })!;
        var text = stat.StandardOutput.ReadToEnd();
        stat.WaitForExit();
        return int.Parse(text, CultureInfo.InvariantCulture);
    }
}
