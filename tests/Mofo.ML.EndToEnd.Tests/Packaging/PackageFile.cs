using System.IO.Compression;
using System.Xml.Linq;

namespace Mofo.ML.EndToEnd.Tests.Packaging;

/// <summary>What a package file says of itself and what is in it.</summary>
internal sealed class PackageFile
{
    public PackageFile(string path)
    {
        using var zip = ZipFile.OpenRead(path);
        Files = [.. zip.Entries.Select(entry => entry.FullName)];
        using var nuspec = zip.Entries.Single(entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        Metadata = XDocument.Load(nuspec).Root!.Elements().Single();
        Dependencies = Metadata.Descendants().Where(element => element.Name.LocalName == "dependency")
            .ToDictionary(element => element.Attribute("id")!.Value, element => element.Attribute("version")!.Value);
    }

    public IReadOnlyList<string> Files { get; }

    public IReadOnlyDictionary<string, string> Dependencies { get; }

    private XElement Metadata { get; }

    /// <summary>The text of one element of the metadata; empty where there is none.</summary>
    public string Says(string element) => Metadata.Elements().SingleOrDefault(e => e.Name.LocalName == element)?.Value ?? "";

    public static PackageFile Of(LocalFeed feed, string id) => new(Path.Combine(feed.Packages, $"{id}.{feed.Version}.nupkg"));
}
