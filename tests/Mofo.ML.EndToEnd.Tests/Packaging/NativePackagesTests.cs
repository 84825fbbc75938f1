using System.Text.RegularExpressions;
using System.Xml.Linq;
using Mofo.ML.Transforms.NativeLibraries;

namespace Mofo.ML.EndToEnd.Tests.Packaging;

/// <summary>The build files and the libraries name the same packages.</summary>
public sealed partial class NativePackagesTests
{
    [Fact]
    public void The_build_names_the_packages_that_the_library_names()
    {
        Assert.SkipWhen(SourceTree.Root is null, "The sources are not here.");
        var properties = XDocument.Load(Path.Combine(SourceTree.Root, "src", "Mofo.ML.Transforms", "buildTransitive", "Mofo.ML.Transforms.targets")).Descendants().ToList();
        var openCv = properties.Where(p => p.Name.LocalName == "_MofoOpenCvPackage").ToList();
        Assert.Equal(5, openCv.Count);
        Assert.All(openCv, p => Assert.Equal(p.Value, NativePackages.OpenCvPackage(System(p).Single())));
        Assert.Null(NativePackages.OpenCvPackage("freebsd-x64"));

        string[] systems = [.. openCv.SelectMany(System), "freebsd-x64", "win-arm64"];
        var withLibtorch = System(properties.Single(p => p.Name.LocalName == "_MofoCpuPackage")).ToHashSet();
        Assert.Equal(withLibtorch, systems.Where(NativePackages.HasLibtorch).ToHashSet());
    }

    private static IEnumerable<string> System(XElement property) =>
        SystemName().Matches(property.Attribute("Condition")!.Value).Select(match => match.Groups[1].Value);

    [GeneratedRegex(@"== '([a-z0-9-]+)'")]
    private static partial Regex SystemName();
}
