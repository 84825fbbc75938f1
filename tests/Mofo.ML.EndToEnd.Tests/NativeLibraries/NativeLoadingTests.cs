using System.Text.Json;
using ActionRecognition.Rendering;
using Mofo.ML.Transforms.NativeLibraries;

namespace Mofo.ML.EndToEnd.Tests.NativeLibraries;

/// <summary>Native loading in processes of their own, with the system's libraries really out of reach.</summary>
public sealed class NativeLoadingTests : IDisposable
{
    private static readonly string PluginHost = SecondProcess.InOwnFolder("PluginHost");

    private readonly DirectoryInfo _cache = Directory.CreateTempSubdirectory("mofo-native-");

    public void Dispose() => _cache.Delete(recursive: true);

    [Fact]
    public void Both_libraries_work_with_an_empty_cache_and_again_with_a_filled_one()
    {
        AssertWorks(Run());
        var copies = Copies();
        AssertWorks(Run());
        Assert.Equal(copies, Copies());
    }

    [Fact]
    public void OpenCv_works_where_every_desktop_library_is_hidden()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux libraries are patched.");
        Assert.SkipUnless(CanHideFiles(), "This system does not let a process hide files from itself (user namespaces are off).");
        var hidden = new[] { "/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/lib64" }.Where(Directory.Exists)
            .SelectMany(folder => new[] { "libgtk-3", "libgdk-3", "libpango", "libatk", "libcairo", "libgdk_pixbuf", "libgio-2", "libgobject-2", "libglib-2", "libX11", "libdrm", "libatomic" }
                .SelectMany(name => Directory.EnumerateFiles(folder, name + "*.so.*")))
            .Select(path => File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path).Distinct();
        var mounts = string.Concat(hidden.Select(path => $"mount --bind /dev/null '{path}' && "));
        AssertWorks(SecondProcess.Start(
            "unshare", ["-rm", "sh", "-c", $"{mounts}exec {SecondProcess.Host} {SecondProcess.Program} native"], Environment()));
        Assert.Contains("libOpenCvSharpExtern.so", Copies());
    }

    [Fact]
    public void A_damaged_cache_folder_gives_an_error_that_names_the_way_out()
    {
        Assert.SkipUnless(Copies(after: Run()).Length > 0, "Both libraries load by themselves on this system.");
        var file = Path.Combine(_cache.FullName, "a-file-where-a-folder-should-be");
        File.WriteAllText(file, "");
        var result = SecondProcess.Start(SecondProcess.Host, [SecondProcess.Program, "native"], new Dictionary<string, string> { [PatchedCopyCache.FolderVariable] = file });
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(PatchedCopyCache.FolderVariable, result.Errors);
    }

    [Theory]
    [InlineData("collectible")]
    [InlineData("kept")]
    public void Both_libraries_work_in_the_load_context_of_a_plug_in_host(string kind) =>
        AssertWorks(SecondProcess.Start(SecondProcess.Host, [PluginHost, SecondProcess.OwnFolderProgram, kind, "native"], Environment()));

    [Fact]
    public void A_plug_in_fits_saves_loads_and_predicts()
    {
        var data = _cache.CreateSubdirectory("data").FullName;
        RenderedDataSet.Ensure(data, new DataSetOptions { TrainClipsPerClass = 1, TestClipsPerClass = 1, Frames = 8 });
        var (model, output) = (Path.Combine(data, "model.zip"), Path.Combine(data, "predictions.json"));
        foreach (var arguments in new[] { new[] { "fit", Path.Combine(data, "train.csv"), model }, ["predict", model, Path.Combine(data, "test.csv"), output] })
        {
            var run = SecondProcess.Start(SecondProcess.Host, [PluginHost, SecondProcess.OwnFolderProgram, "collectible", .. arguments], Environment());
            Assert.True(run.ExitCode == 0, run.Output + run.Errors);
        }

        Assert.Equal(File.ReadAllLines(Path.Combine(data, "test.csv")).Length, JsonDocument.Parse(File.ReadAllText(output)).RootElement.GetArrayLength());
    }

    private static void AssertWorks(SecondProcess.Result result)
    {
        Assert.Equal("", result.Errors);
        Assert.Equal("12 112 False", result.Output.Trim());
        Assert.Equal(0, result.ExitCode);
    }

    private static bool CanHideFiles()
    {
        try
        {
            return SecondProcess.Start("unshare", ["-rm", "mount", "--bind", "/dev/null", "/etc/hostname"], new Dictionary<string, string>()).ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private SecondProcess.Result Run() => SecondProcess.Start(SecondProcess.Host, [SecondProcess.Program, "native"], Environment());

    private Dictionary<string, string> Environment() => new() { [PatchedCopyCache.FolderVariable] = _cache.FullName };

    private string[] Copies(SecondProcess.Result? after = null)
    {
        _ = after;
        return [.. _cache.EnumerateFiles("*", SearchOption.AllDirectories).Select(file => file.Name).Order()];
    }
}
