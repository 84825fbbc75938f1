using Mofo.ML.Transforms.NativeLibraries;
using Xunit;

namespace Mofo.ML.Transforms.Tests.NativeLibraries;

public sealed class NativeFoldersTests
{
    [Fact]
    public void The_users_own_search_path_comes_after_the_programs_folders_and_folders_that_do_not_exist_are_left_out()
    {
        var mine = Directory.CreateTempSubdirectory("mofo-natives").FullName;
        try
        {
            File.WriteAllBytes(Path.Combine(mine, "libc10.so"), []);
            var missing = Path.Combine(mine, "missing");

            var folders = NativeFolders.Of(typeof(NativeFolders).Assembly, $"{missing}:{mine}::");

            Assert.Equal(mine, folders[^1]);
            Assert.DoesNotContain(missing, folders);
            Assert.Equal(Path.Combine(mine, "libc10.so"), NativeFolders.Find([mine], "libc10.so"));
            Assert.DoesNotContain(mine, NativeFolders.Of(typeof(NativeFolders).Assembly, searchPath: null));
        }
        finally
        {
            Directory.Delete(mine, recursive: true);
        }
    }
}
