using System.IO.Compression;
using System.Reflection.Metadata;

namespace Mofo.ML.EndToEnd.Tests.Packaging;

/// <summary>What is in the packages, and what they say of themselves.</summary>
[Collection(nameof(LocalFeed))]
public sealed class PackageContentTests(LocalFeed feed)
{
    private const string Transforms = "Mofo.ML.Transforms", Trainers = "Mofo.ML.Trainers";

    /// <summary>The kind of debugging information that holds a source file (Portable PDB format, "Embedded Source").</summary>
    private static readonly Guid EmbeddedSource = new("0E8A571B-6926-466E-B4AD-8AB04611F5FE");

    public static TheoryData<string> MetaPackages =>
        ["Mofo.ML.Cpu.linux-x64", "Mofo.ML.Cpu.win-x64", "Mofo.ML.Cpu.osx-arm64", "Mofo.ML.Cuda.linux-x64", "Mofo.ML.Cuda.win-x64"];

    public static TheoryData<string> AllPackages => [Transforms, Trainers, .. MetaPackages.Select(row => row.Data)];

    [Theory]
    [MemberData(nameof(AllPackages))]
    public void Every_package_has_what_its_page_shows(string id)
    {
        var package = PackageFile.Of(feed, id);
        Assert.Superset(new HashSet<string> { "icon.png", "README.md", "LICENSE", "THIRD-PARTY-NOTICES.txt" }, package.Files.ToHashSet());
        Assert.Equal(["MIT", "icon.png", "README.md"], new[] { "license", "icon", "readme" }.Select(package.Says));
        Assert.All(["authors", "description", "tags", "copyright"], element => Assert.NotEqual("", package.Says(element)));
        Assert.DoesNotContain(package.Files, file => file.StartsWith("runtimes/", StringComparison.Ordinal) || file.EndsWith(".so", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Transforms)]
    [InlineData(Trainers)]
    public void A_library_tells_what_changed_and_asks_for_bounded_versions_where_it_uses_internals(string id)
    {
        var package = PackageFile.Of(feed, id);
        Assert.NotEqual("", package.Says("releaseNotes"));
        Assert.Equal("[5.0.1, 5.1.0)", package.Dependencies["Microsoft.ML"]);
        Assert.Equal("[2.88.9, 3.0.0)", package.Dependencies["SkiaSharp"]);
        Assert.DoesNotContain(package.Dependencies.Keys, name => name.Contains("runtime", StringComparison.OrdinalIgnoreCase) && !name.Contains("OnnxRuntime") || name.StartsWith("libtorch"));
    }

    [Fact]
    public void The_trainers_ask_for_exactly_their_transforms() =>
        Assert.Equal($"[{feed.Version}]", PackageFile.Of(feed, Trainers).Dependencies[Transforms]);

    [Theory]
    [MemberData(nameof(MetaPackages))]
    public void A_meta_package_brings_the_trainers_and_both_native_libraries_of_one_system(string id)
    {
        var dependencies = PackageFile.Of(feed, id).Dependencies;
        var system = id.Split('.')[^1];
        Assert.Equal(3, dependencies.Count);
        Assert.Equal($"[{feed.Version}]", dependencies[Trainers]);
        var (os, architecture) = (system.Split('-')[0], system.Split('-')[1]);
        Assert.Contains(dependencies.Keys, name => name.StartsWith(id.Contains(".Cuda.") ? "TorchSharp-cuda-" + (os == "win" ? "windows" : os) : "libtorch-cpu-" + system, StringComparison.Ordinal));
        Assert.Contains(dependencies.Keys, name => name.StartsWith("OpenCvSharp4", StringComparison.Ordinal)
            && (name == "OpenCvSharp4.runtime.win" || (name.Contains(os) && name.EndsWith(architecture, StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData(Transforms)]
    [InlineData(Trainers)]
    public void The_symbols_hold_the_sources_and_no_path_of_the_machine_that_built_them(string id)
    {
        using var zip = ZipFile.OpenRead(Path.Combine(feed.Packages, $"{id}.{feed.Version}.snupkg"));
        using var file = zip.Entries.Single(entry => entry.Name == id + ".pdb").Open();
        using var copy = new MemoryStream();
        file.CopyTo(copy);
        copy.Position = 0;
        using var provider = MetadataReaderProvider.FromPortablePdbStream(copy);
        var pdb = provider.GetMetadataReader();
        var documents = pdb.Documents.Select(handle => (Name: pdb.GetString(pdb.GetDocument(handle).Name), Embedded: IsEmbedded(pdb, handle))).ToList();
        Assert.Contains(documents, document => document.Name.EndsWith(".cs", StringComparison.Ordinal));
        Assert.All(documents, document => Assert.True(document.Embedded, document.Name));
#if !DEBUG
        Assert.DoesNotContain(documents, document => document.Name.StartsWith(SourceTree.Root!, StringComparison.Ordinal));
#endif
    }

    private static bool IsEmbedded(MetadataReader pdb, DocumentHandle document) => pdb.GetCustomDebugInformation(document)
        .Any(handle => pdb.GetGuid(pdb.GetCustomDebugInformation(handle).Kind) == EmbeddedSource);
}
