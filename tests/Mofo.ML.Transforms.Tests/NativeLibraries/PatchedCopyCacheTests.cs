using System.Runtime.InteropServices;
using Mofo.ML.Transforms.NativeLibraries;

namespace Mofo.ML.Transforms.Tests.NativeLibraries;

/// <summary>What is loaded from the cache is what was put there, in a folder of the user's own.</summary>
public sealed class PatchedCopyCacheTests : IDisposable
{
    private const UnixFileMode Closed = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private static readonly byte[] Copy = [1, 2, 3, 4];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mofo-cache-");
    private readonly PatchedCopyCache _cache;

    public PatchedCopyCacheTests() => _cache = new PatchedCopyCache(_folder.FullName);

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_copy_is_kept_once_and_another_content_elsewhere()
    {
        var path = _cache.Keep("x.so", Copy);
        Assert.Equal(Copy, File.ReadAllBytes(path));
        var written = File.GetLastWriteTimeUtc(path);
        Assert.Equal(path, _cache.Keep("x.so", Copy));
        Assert.Equal(written, File.GetLastWriteTimeUtc(path));
        Assert.NotEqual(path, _cache.Keep("x.so", new byte[] { 9 }));
    }

    [Fact]
    public void Copies_that_differ_far_from_both_ends_are_told_apart_by_all_their_bytes()
    {
        byte[] first = new byte[4 << 20], second = new byte[4 << 20];
        second[2 << 20] = 1;
        _ = _cache.Keep("x.so", first);
        Assert.Equal(second, File.ReadAllBytes(_cache.Keep("x.so", second)));
        Assert.Equal(first, File.ReadAllBytes(_cache.Keep("x.so", first)));
    }

    [Theory]
    [InlineData(new byte[] { 1, 2 })]
    [InlineData(new byte[] { 1, 2, 3, 5 })]
    [InlineData(new byte[] { })]
    public void A_copy_that_differs_is_written_again_whatever_its_length(byte[] found)
    {
        var path = _cache.Keep("x.so", Copy);
        using (var stream = File.Create(path))
        {
            stream.Write(found);
        }

        Assert.Equal(path, _cache.Keep("x.so", Copy));
        Assert.Equal(Copy, File.ReadAllBytes(path));
    }

    [Fact]
    public void The_folder_of_a_copy_is_closed_to_others_and_closed_again_where_it_was_opened()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Skip("File modes of Linux.");
            return;
        }

        var folder = new DirectoryInfo(Path.GetDirectoryName(_cache.Keep("x.so", Copy))!);
        Assert.Equal((Closed, Closed), (folder.UnixFileMode, folder.Parent!.UnixFileMode));
        folder.UnixFileMode |= UnixFileMode.OtherWrite | UnixFileMode.GroupRead;
        _ = _cache.Keep("x.so", Copy);
        folder.Refresh();
        Assert.Equal(Closed, folder.UnixFileMode);
    }

    [Fact]
    public void A_folder_of_another_user_is_refused()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root can give a folder away.");
        var folder = Path.GetDirectoryName(_cache.Keep("x.so", Copy))!;
        Assert.Equal(0, GiveAway(folder, 12345, 12345));
        Assert.Contains("belongs to another user (number 12345)", Assert.Throws<IOException>(() => _cache.Keep("x.so", Copy)).Message);
    }

    [Fact]
    public void A_link_in_place_of_folder_or_file_is_not_followed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Links of Linux.");
        var path = _cache.Keep("x.so", Copy);
        var elsewhere = Path.Combine(_folder.FullName, "elsewhere");
        File.Move(path, elsewhere);
        File.CreateSymbolicLink(path, elsewhere);
        Assert.Equal(path, _cache.Keep("x.so", Copy));
        Assert.Null(new FileInfo(path).LinkTarget);

        var folder = Path.GetDirectoryName(path)!;
        Directory.Move(folder, folder + "-moved");
        Directory.CreateSymbolicLink(folder, folder + "-moved");
        Assert.Contains("is a link", Assert.Throws<IOException>(() => _cache.Keep("x.so", Copy)).Message);
    }

    [DllImport("libc", EntryPoint = "chown")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GiveAway([MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint user, uint group);
}
