using System.Text.RegularExpressions;
using Mofo.ML.Transforms.NativeLibraries;

namespace Mofo.ML.EndToEnd.Tests.Packaging;

/// <summary>The packages of this checkout, packed once into a folder, and the <c>dotnet</c> that takes Mofo.ML from there alone.</summary>
public sealed partial class LocalFeed : IDisposable
{
#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("mofo-packages-");
    private readonly Lazy<string> _packages;

    public LocalFeed() => _packages = new Lazy<string>(Pack);

    /// <summary>A version that no package cache can have already.</summary>
    public string Version { get; } = $"1.0.0-test.{Guid.NewGuid():N}"[..20];

    /// <summary>The package that brings everything to a program on this system.</summary>
    public static string MetaPackage => $"Mofo.ML.Cpu.{NativePackages.System}";

    /// <summary>The packages, one file each.</summary>
    public string Packages => _packages.Value;

    public void Dispose()
    {
        _root.Delete(recursive: true);
        var cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        foreach (var package in Directory.Exists(cache) ? Directory.EnumerateDirectories(cache, "mofo.ml.*") : [])
        {
            if (Directory.Exists(Path.Combine(package, Version)))
            {
                Directory.Delete(Path.Combine(package, Version), recursive: true);
            }
        }
    }

    /// <summary>A folder for one program, where <c>dotnet</c> finds the packages.</summary>
    public string NewFolder(string name)
    {
        var folder = _root.CreateSubdirectory(name).FullName;
        File.WriteAllText(Path.Combine(folder, "nuget.config"), $"""
            <configuration>
              <packageSources><add key="this checkout" value="{Packages}" /></packageSources>
            </configuration>
            """);
        return folder;
    }

    /// <summary>Runs <c>dotnet</c> in a folder; the test is skipped where somebody else's package cannot be fetched.</summary>
    internal SecondProcess.Result Run(string folder, params string[] arguments)
    {
        var result = SecondProcess.Start(SecondProcess.Host, arguments, ChildEnvironment(), folder);
        var missing = NotFetched().Match(result.Output);
        Assert.SkipWhen(missing.Success && !missing.Value.Contains("Mofo.ML", StringComparison.Ordinal), $"A package cannot be fetched here: {missing.Value}");
        return result;
    }

    /// <summary>Runs <c>dotnet</c> in a folder and expects success.</summary>
    /// <returns>What it said.</returns>
    internal string Succeed(string folder, params string[] arguments)
    {
        var result = Run(folder, arguments);
        Assert.True(result.ExitCode == 0, $"dotnet {string.Join(' ', arguments)} failed:\n{result.Output}\n{result.Errors}");
        return result.Output;
    }

    private string Pack()
    {
        Assert.SkipWhen(SourceTree.Root is null, "The sources are not here.");
        var packages = _root.CreateSubdirectory("feed").FullName;
        var result = SecondProcess.Start(
            SecondProcess.Host,
            ["msbuild", Path.Combine(SourceTree.Root, "eng", "Pack.proj"), "-p:NoBuild=true", $"-p:Configuration={Configuration}", $"-p:PackageVersion={Version}", $"-p:PackageOutputPath={packages}"],
            ChildEnvironment(), _root.FullName);
        Assert.True(result.ExitCode == 0, result.Output + result.Errors);
        return packages;
    }

    /// <summary>No server process outlives the command, half a gigabyte of libtorch is linked and not copied, and per-user files stay in the test's folder.</summary>
    internal Dictionary<string, string> ChildEnvironment() => new()
    {
        ["DOTNET_NOLOGO"] = "1",
        ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
        ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0",
        ["MSBUILDDISABLENODEREUSE"] = "1",
        ["UseSharedCompilation"] = "false",
        ["CreateHardLinksForCopyLocalIfPossible"] = "true",
        ["CreateHardLinksForPublishFilesIfPossible"] = "true",
        // The threads of libtorch wait by spinning, which costs minutes where several tests share the processors.
        ["OMP_NUM_THREADS"] = "1",
        ["XDG_DATA_HOME"] = _root.CreateSubdirectory("data").FullName,
    };

    [GeneratedRegex(@"error NU(1101|1102|1103|1301): [^\n]*")]
    private static partial Regex NotFetched();
}
