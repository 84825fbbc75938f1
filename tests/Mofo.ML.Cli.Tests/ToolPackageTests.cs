using System.Text.Json.Nodes;
using Mofo.ML.EndToEnd.Tests;

namespace Mofo.ML.Cli.Tests;

/// <summary>The tool as it is published: packed for this system, installed in an empty folder, used there.</summary>
public sealed class ToolPackageTests(ClipFolder clips) : IClassFixture<ClipFolder>
{
#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif

    private static string Command => OperatingSystem.IsWindows() ? "mofo.exe" : "mofo";

    [Fact]
    public void The_packed_tool_is_installed_and_does_the_whole_job()
    {
        Assert.SkipWhen(SourceTree.Root is null, "The sources are not here.");
        Assert.SkipUnless(Environment.GetEnvironmentVariable("MOFO_PACK_TOOL") == "1", "Packing compresses 0.7 GB of native libraries; MOFO_PACK_TOOL=1, which .ci/run sets, has it done.");
        var (feed, tools) = (clips.PathOf("feed"), clips.PathOf("tools"));
        Dotnet(SourceTree.Root, "msbuild", Path.Combine("eng", "PackTool.proj"), $"-p:Configuration={Configuration}", $"-p:PackageOutputPath={feed}", $"-p:Systems={System}", "-p:RunAnalyzers=false");
        Assert.Equal(2, Directory.EnumerateFiles(feed, "*.nupkg").Count());
        // The limit of nuget.org.
        Assert.All(Directory.EnumerateFiles(feed, "*.nupkg"), file => Assert.InRange(new FileInfo(file).Length, 1000, 250L << 20));

        File.WriteAllText(clips.PathOf("nuget.config"), $"""<configuration><packageSources><clear /><add key="this checkout" value="{feed}" /></packageSources></configuration>""");
        Dotnet(clips.PathOf("."), "tool", "install", "Mofo.ML.Cli", "--prerelease", "--tool-path", tools, "--configfile", clips.PathOf("nuget.config"));

        Assert.True((bool)Installed(tools, "doctor")["works"]!);
        var model = Installed(tools, [.. clips.Training("finetune", "installed", epochs: 1), "--test", clips.PathOf("test.csv")]);
        Assert.True(File.Exists((string)model["report"]!));
        Assert.Equal(8, Installed(tools, "predict", (string)model["model"]!, clips.Clips)["videos"]!.AsArray().Count);
        _ = Installed(tools, "convert", (string)model["model"]!, clips.PathOf("installed.onnx"));
        Assert.Single(Installed(tools, "predict", clips.PathOf("installed.onnx"), clips.Clip)["videos"]!.AsArray());
    }

    private static string System => OperatingSystem.IsWindows() ? "win-x64" : OperatingSystem.IsMacOS() ? "osx-arm64" : "linux-x64";

    private JsonNode Installed(string tools, params string[] arguments)
    {
        // An empty folder to keep patched copies in: nothing that another program left there may help.
        var environment = new Dictionary<string, string> { ["XDG_DATA_HOME"] = clips.PathOf("data"), ["OMP_NUM_THREADS"] = "1" };
        var result = SecondProcess.Start(Path.Combine(tools, Command), [.. arguments, "--json"], environment, clips.PathOf("."));
        Assert.True(result.ExitCode == 0, $"mofo {string.Join(' ', arguments)}\n{result.Output}\n{result.Errors}");
        return JsonNode.Parse(result.Output)!;
    }

    private static void Dotnet(string folder, params string[] arguments)
    {
        var environment = new Dictionary<string, string>
        {
            ["DOTNET_NOLOGO"] = "1",
            ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
            ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0",
            ["MSBUILDDISABLENODEREUSE"] = "1",
            ["UseSharedCompilation"] = "false",
        };
        var result = SecondProcess.Start(SecondProcess.Host, arguments, environment, folder);
        Assert.SkipWhen(result.Output.Contains("error NU1101", StringComparison.Ordinal) || result.Output.Contains("error NU1301", StringComparison.Ordinal), $"A package cannot be fetched here: {result.Output}");
        Assert.True(result.ExitCode == 0, $"dotnet {string.Join(' ', arguments)}\n{result.Output}\n{result.Errors}");
    }
}
