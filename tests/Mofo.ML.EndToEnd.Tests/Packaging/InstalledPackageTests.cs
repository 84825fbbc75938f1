using ActionRecognition.Rendering;
using Mofo.ML.Transforms.NativeLibraries;

namespace Mofo.ML.EndToEnd.Tests.Packaging;

/// <summary>Programs written from README alone, which know nothing of this checkout but its packages.</summary>
[Collection(nameof(LocalFeed))]
public sealed class InstalledPackageTests(LocalFeed feed)
{
    [Fact]
    public void The_pipeline_of_the_readme_runs_built_published_and_as_a_single_file()
    {
        var folder = feed.NewFolder("readme");
        WriteProject(folder, LocalFeed.MetaPackage);
        File.WriteAllText(Path.Combine(folder, "Program.cs"), Snippet.Program());
        RenderClips(folder);

        AssertRan(feed.Succeed(folder, "run"));
        foreach (var single in new[] { "false", "true" })
        {
            var output = Path.Combine(folder, "published-" + single);
            feed.Succeed(folder, "publish", "-r", NativePackages.System, "--self-contained", $"-p:PublishSingleFile={single}", "-o", output);
            Assert.Equal(single == "true", !File.Exists(Path.Combine(output, "Mofo.ML.Trainers.dll")));
            var run = SecondProcess.Start(Path.Combine(output, OperatingSystem.IsWindows() ? "App.exe" : "App"), [], feed.ChildEnvironment(), folder);
            Assert.True(run.ExitCode == 0, run.Errors);
            AssertRan(run.Output);
            Directory.Delete(output, recursive: true);
        }
    }

    [Fact]
    public void A_file_based_program_needs_one_line_and_no_property()
    {
        var folder = feed.NewFolder("file-based");
        File.WriteAllText(Path.Combine(folder, "app.cs"), $"#:package {LocalFeed.MetaPackage}@{feed.Version}\n{Snippet.Program()}");
        RenderClips(folder);
        AssertRan(feed.Succeed(folder, "run", "app.cs"));
    }

    [Fact]
    public void A_program_without_native_libraries_does_not_build_and_says_which_package_to_add()
    {
        var folder = feed.NewFolder("without-natives");
        WriteProject(folder, "Mofo.ML.Trainers");
        File.WriteAllText(Path.Combine(folder, "Program.cs"), """
            using Microsoft.ML;
            var ml = new MLContext();
            try
            {
                ml.Transforms.PretrainMofo();
            }
            catch (DllNotFoundException e)
            {
                Console.WriteLine($"At once: {e.Message}");
            }
            """);
        var build = feed.Run(folder, "build");
        Assert.NotEqual(0, build.ExitCode);
        Assert.Contains($"error MOFO0004: This program has no libtorch for {NativePackages.System}. Add the package {LocalFeed.MetaPackage}", build.Output);

        // Where the check is switched off, the message comes when the pipeline is made.
        var run = feed.Succeed(folder, "run", "-p:MofoChecks=false");
        Assert.StartsWith("At once: ", run.Trim());
        Assert.Contains($"Add the package {LocalFeed.MetaPackage}", run);

        // Motion detection alone needs OpenCV alone.
        WriteProject(folder, "Mofo.ML.Transforms");
        Assert.Contains("error MOFO0003: This program has no native OpenCV", feed.Run(folder, "build").Output);
    }

    [Theory]
    [InlineData("PublishAot", "MOFO0001")]
    [InlineData("PublishTrimmed", "MOFO0002")]
    public void Trimming_and_native_compilation_are_refused_when_building(string property, string code)
    {
        var folder = feed.NewFolder(property);
        WriteProject(folder, LocalFeed.MetaPackage, $"<{property}>true</{property}>");
        File.WriteAllText(Path.Combine(folder, "Program.cs"), "Console.WriteLine();");
        var build = feed.Run(folder, "build");
        Assert.NotEqual(0, build.ExitCode);
        Assert.Single(build.Output.Split('\n').Select(line => line.Trim()).Where(line => line.Contains("error ")).Distinct());
        Assert.Contains($"error {code}:", build.Output);
    }

    [Fact]
    public void SkiaSharp_3_is_warned_of()
    {
        var folder = feed.NewFolder("skiasharp");
        WriteProject(folder, LocalFeed.MetaPackage, packages: """<PackageReference Include="SkiaSharp" Version="3.119.4" />""");
        File.WriteAllText(Path.Combine(folder, "Program.cs"), "Console.WriteLine();");
        var build = feed.Succeed(folder, "build");
        Assert.Contains("warning NU1608: Detected package version outside of dependency constraint: Mofo.ML.", build);
        Assert.Contains("warning MOFO0005:", build);
    }

    private static void AssertRan(string output)
    {
        Assert.Contains("top-1 ", output);
        Assert.Contains(Snippet.Ending, output);
    }

    private void WriteProject(string folder, string package, string properties = "", string packages = "") =>
        File.WriteAllText(Path.Combine(folder, "App.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                {properties}
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="{package}" Version="{feed.Version}" />
                {packages}
              </ItemGroup>
            </Project>
            """);

    /// <summary>Clips and lists in the folder that README names.</summary>
    private static void RenderClips(string folder) =>
        RenderedDataSet.Ensure(Path.Combine(folder, "clips"), new DataSetOptions { TrainClipsPerClass = 1, TestClipsPerClass = 1, Frames = 16 });
}
