using System.Reflection;
using System.Xml.Linq;
using Mofo.ML.Transforms.MlNetBridge;
using Mono.Cecil;

namespace Mofo.ML.EndToEnd.Tests.Packaging;

/// <summary>A program with another ML.NET than the packages ask for.</summary>
public sealed class OtherMlNetTests : IDisposable
{
    private readonly DirectoryInfo _program = Directory.CreateTempSubdirectory("mofo-other-mlnet-");

    public void Dispose() => _program.Delete(recursive: true);

    [Theory]
    [InlineData("6.0.0")]
    [InlineData("4.0.2")]
    public void A_newer_or_an_older_ML_NET_is_refused_at_start_with_a_message_that_says_which_to_take(string version)
    {
        // Without a list of dependencies the host takes every assembly that lies beside the program.
        foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory, "*.dll").Append(Path.ChangeExtension(SecondProcess.Program, ".runtimeconfig.json")))
        {
            File.Copy(file, Path.Combine(_program.FullName, Path.GetFileName(file)));
        }

        SayVersion(Path.Combine(_program.FullName, "Microsoft.ML.Core.dll"), version + "+altered");
        var result = SecondProcess.Start(
            SecondProcess.Host, [Path.Combine(_program.FullName, Path.GetFileName(SecondProcess.Program)), "native"], new Dictionary<string, string>());
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains($"Microsoft.ML.Core {version}", result.Errors);
        Assert.Contains("Reference Microsoft.ML 5.0.1", result.Errors);
    }

    [Fact]
    public void The_packages_ask_for_the_versions_that_are_accepted()
    {
        Assert.SkipWhen(SourceTree.Root is null, "The sources are not here.");
        var asked = XDocument.Load(Path.Combine(SourceTree.Root, "Directory.Packages.props")).Descendants("PackageVersion")
            .Where(item => item.Attribute("Include")!.Value is "Microsoft.ML" or "Microsoft.ML.ImageAnalytics" or "Microsoft.ML.OnnxTransformer")
            .Select(item => item.Attribute("Version")!.Value).ToList();
        Assert.Equal(3, asked.Count);
        Assert.All(asked, range => Assert.Equal($"[{MlNetVersion.First}, {MlNetVersion.End})", range));
    }

    private static void SayVersion(string path, string version)
    {
        using var assembly = AssemblyDefinition.ReadAssembly(new MemoryStream(File.ReadAllBytes(path)));
        var attribute = assembly.CustomAttributes.Single(a => a.AttributeType.Name == nameof(AssemblyInformationalVersionAttribute));
        attribute.ConstructorArguments[0] = new CustomAttributeArgument(attribute.ConstructorArguments[0].Type, version);
        assembly.Write(path);
    }
}
