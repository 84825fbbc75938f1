using Mofo.ML.Transforms.NativeLibraries;

namespace Mofo.ML.Trainers.Tests.NativeLibraries;

public class ElfImageTests
{
    private static readonly string TorchLibrary = "libLibTorchSharp.so", OpenCvLibrary = "libOpenCvSharpExtern.so";

    [Fact]
    public void Ignoring_a_needed_library_changes_that_entry_alone()
    {
        var original = Bytes(OpenCvLibrary);
        var changed = original.ToArray();
        var image = new ElfImage(changed);
        Assert.Contains("libgtk-3.so.0", image.Needed);
        image.IgnoreNeeded("libgtk-3.so.0");
        Assert.Equal(new ElfImage(original).Needed.Where(n => n != "libgtk-3.so.0"), new ElfImage(changed).Needed);
        Assert.InRange(original.Zip(changed).Count(pair => pair.First != pair.Second), 1, 8);
    }

    [Fact]
    public void Weakening_a_version_changes_one_bit()
    {
        var original = Bytes(TorchLibrary);
        var changed = original.ToArray();
        new ElfImage(changed).WeakenVersion("libstdc++.so.6", "GLIBCXX_3.4.32");
        var different = original.Zip(changed).Where(pair => pair.First != pair.Second).ToList();
        Assert.Equal(2, Assert.Single(different).First ^ different[0].Second);
        Assert.DoesNotContain("GLIBCXX_3.4.32", new ElfImage(changed).StrongVersionsOf("libstdc++.so.6"));
        Assert.NotEmpty(new ElfImage(changed).StrongVersionsOf("libstdc++.so.6"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(64)]
    public void What_is_not_a_library_is_refused(int length) => Assert.Throws<InvalidDataException>(() => new ElfImage(new byte[length]));

    private static byte[] Bytes(string library)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "ELF is Linux's format.");
        return File.ReadAllBytes(NativeFolders.Find(NativeFolders.Of(typeof(ElfImage).Assembly), library)!);
    }
}
