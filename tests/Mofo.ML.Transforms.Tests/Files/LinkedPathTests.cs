using System.IO.Pipes;
using System.Runtime.InteropServices;
using Mofo.ML.Transforms.Files;

namespace Mofo.ML.Transforms.Tests.Files;

/// <summary>Writing through links, and into what is no regular file.</summary>
public sealed class LinkedPathTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mofo-links-");

    public LinkedPathTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "Links and devices of Linux.");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void The_file_that_a_link_leads_to_is_replaced_and_the_link_stays()
    {
        var target = Written("store/model.bin", "old");
        var link = Link("current", "middle");
        _ = Link("middle", "store/model.bin");
        AtomicFile.WriteText(link, "new");
        Assert.Equal("middle", new FileInfo(link).LinkTarget);
        Assert.Null(new FileInfo(target).LinkTarget);
        Assert.Equal("new", File.ReadAllText(target));
        Assert.Equal([target], Directory.GetFiles(Path.GetDirectoryName(target)!));
    }

    [Fact]
    public void A_link_to_a_file_that_is_not_there_yet_makes_it()
    {
        var link = Link("link", "later/model.bin");
        AtomicFile.WriteText(link, "new");
        Assert.Equal("later/model.bin", new FileInfo(link).LinkTarget);
        Assert.Equal("new", File.ReadAllText(PathOf("later/model.bin")));
    }

    [Fact]
    public void A_write_that_fails_leaves_the_target_of_a_link()
    {
        var target = Written("model.bin", "old");
        var link = Link("link", "model.bin");
        Assert.Throws<InvalidDataException>(() => AtomicFile.Write(link, _ => throw new InvalidDataException()));
        Assert.Equal("old", File.ReadAllText(target));
    }

    [Fact]
    public void A_relative_link_in_a_folder_that_is_a_link_leads_where_the_system_says()
    {
        var target = Written("a/b/real", "x");
        _ = Directory.CreateDirectory(PathOf("a/b/c"));
        _ = Link("a/b/c/link", "../real");
        _ = Link("short", "a/b/c");
        var other = Written("real", "another file");
        Assert.Equal(target, LinkedPath.Target(PathOf("short/link")));
        AtomicFile.WriteText(PathOf("short/link"), "new");
        Assert.Equal(("new", "another file"), (File.ReadAllText(target), File.ReadAllText(other)));
    }

    [Fact]
    public void A_circle_of_links_and_a_path_without_links_stay_as_they_are()
    {
        var circle = Link("one", "two");
        _ = Link("two", "one");
        Assert.Equal(circle, LinkedPath.Target(circle));
        Assert.Equal(PathOf("none"), LinkedPath.Target(PathOf("none")));
    }

    [Fact]
    public async Task A_pipe_with_a_name_is_written_into()
    {
        var pipe = PathOf("pipe");
        Assert.Equal(0, MakePipe(pipe, 0x1B6));
        Assert.True(SpecialFile.Is(pipe, pipe), "The pipe would be replaced, and its reader would wait forever.");
        var read = Task.Run(() => File.ReadAllText(pipe));
        AtomicFile.Write(pipe, stream =>
        {
            stream.Write("first?"u8);
            stream.Position = 0; // as writers that fill in a length at the end
            stream.Write("pieces"u8);
        });
        Assert.Equal("pieces", await read);
        Assert.Equal([pipe], Directory.GetFiles(_folder.FullName));
    }

    [Fact]
    public async Task What_dev_stdout_leads_to_is_written_into()
    {
        // As /dev/stdout of a program whose output goes into a pipe: a link whose text is no path.
        await using var reading = new AnonymousPipeServerStream(PipeDirection.In);
        var number = reading.ClientSafePipeHandle.DangerousGetHandle();
        var link = Link("output", Invariant($"/proc/self/fd/{number}"));
        AtomicFile.WriteText(link, "to the pipe");
        reading.DisposeLocalCopyOfClientHandle();
        using var reader = new StreamReader(reading);
        Assert.Equal("to the pipe", await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
        Assert.NotNull(new FileInfo(link).LinkTarget);
    }

    [Fact]
    public void Devices_are_no_files_to_replace()
    {
        // Not tried by writing: a mistake would replace the machine's device.
        Assert.True(SpecialFile.Is("/dev/null", "/dev/null"));
        var link = Link("null", "/dev/null");
        Assert.True(SpecialFile.Is(link, LinkedPath.Target(link)));
        Assert.False(SpecialFile.Is(_folder.FullName, _folder.FullName));
        Assert.False(SpecialFile.Is(PathOf("none"), PathOf("none")));
        Assert.False(SpecialFile.Is(Written("empty", ""), PathOf("empty")));
    }

    [DllImport("libc", EntryPoint = "mkfifo")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int MakePipe([MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint mode);

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private string Written(string name, string text)
    {
        _ = Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllText(PathOf(name), text);
        return PathOf(name);
    }

    private string Link(string name, string target)
    {
        File.CreateSymbolicLink(PathOf(name), target);
        return PathOf(name);
    }
}
