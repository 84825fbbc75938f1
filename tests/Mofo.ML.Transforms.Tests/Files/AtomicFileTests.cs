using Mofo.ML.Transforms.Files;

namespace Mofo.ML.Transforms.Tests.Files;

public sealed class AtomicFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mofo-atomic-");

    /// <summary>What another machine writes: its name in 8 digits, and a number of its own.</summary>
    private static string OfAnotherMachine => "0a1b2c3d-" + Guid.NewGuid().ToString("N");

    private string Target => Path.Combine(_folder.FullName, "a.file");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Two_writers_with_the_same_process_and_thread_number_do_not_disturb_each_other()
    {
        // In containers the numbers repeat: here the second writer is at work while the first still writes.
        AtomicFile.Write(Target, outer =>
        {
            outer.Write("first"u8);
            AtomicFile.WriteText(Target, "second");
            Assert.Equal("second", File.ReadAllText(Target));
            outer.Write(" of all"u8);
        });
        Assert.Equal("first of all", File.ReadAllText(Target));
        AssertAlone();
    }

    [Fact]
    public void Many_writers_at_once_leave_one_whole_file()
    {
        var texts = Enumerable.Range(0, 16).Select(i => new string((char)('a' + i), 10_000)).ToArray();
        Parallel.ForEach(texts, text => AtomicFile.WriteText(Target, text));
        Assert.Contains(File.ReadAllText(Target), texts);
        AssertAlone();
    }

    [Fact]
    public void A_write_that_fails_leaves_the_old_file_and_nothing_else()
    {
        AtomicFile.WriteText(Target, "old");
        Assert.Throws<InvalidDataException>(() => AtomicFile.Write(Target, stream =>
        {
            stream.Write("half"u8);
            throw new InvalidDataException();
        }));
        Assert.Equal("old", File.ReadAllText(Target));
        AssertAlone();
    }

    [Fact]
    public void What_a_killed_process_left_is_removed_after_an_hour_and_a_file_in_work_is_not()
    {
        var abandoned = Partial(OfAnotherMachine, TimeSpan.FromMinutes(61));
        var inWork = Partial(OfAnotherMachine, TimeSpan.FromMinutes(59));
        var ofAnother = Partial(OfAnotherMachine, TimeSpan.FromDays(1), "b.file");
        AtomicFile.WriteText(Target, "new");
        Assert.False(File.Exists(abandoned));
        Assert.True(File.Exists(inWork));
        Assert.True(File.Exists(ofAnother));
    }

    [Fact]
    public void Old_files_with_other_names_stay()
    {
        var number = Guid.NewGuid().ToString("N");
        string[] others =
        [
            Partial("other", TimeSpan.FromDays(1)),
            Partial("4242-7", TimeSpan.FromDays(1)),
            Partial(number, TimeSpan.FromDays(1)),
            Partial($"0a1b2c3-{number}", TimeSpan.FromDays(1)),
            Partial($"0a1b2c3g-{number}", TimeSpan.FromDays(1)),
            Partial($"0A1B2C3D-{number}", TimeSpan.FromDays(1)),
            Partial($"0a1b2c3d_{number}", TimeSpan.FromDays(1)),
            Partial($"0a1b2c3d-{number}0", TimeSpan.FromDays(1)),
            Partial($"other.0a1b2c3d-{number}", TimeSpan.FromDays(1)),
            Partial($"0a1b2c3d-{number}", TimeSpan.FromDays(1), "A.FILE"),
        ];
        AtomicFile.WriteText(Target, "new");
        Assert.All(others, other => Assert.True(File.Exists(other), other));
    }

    [Fact]
    public void A_name_with_wildcards_matches_no_other_name()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such names.");
        var other = Partial(OfAnotherMachine, TimeSpan.FromDays(1), "abc");
        var own = Partial(OfAnotherMachine, TimeSpan.FromDays(1), "a*");
        AtomicFile.WriteText(Path.Combine(_folder.FullName, "a*"), "new");
        Assert.True(File.Exists(other));
        Assert.False(File.Exists(own));
    }

    [Fact]
    public void What_a_killed_process_of_this_machine_left_is_removed_at_once_and_a_file_in_work_is_not()
    {
        var abandoned = PartialFile.NewName(Target);
        File.WriteAllText(abandoned, "half");
        using (var inWork = PartialFile.Create(Target))
        {
            AtomicFile.WriteText(Target, "new");
            Assert.False(File.Exists(abandoned));
            Assert.True(File.Exists(inWork.Name));
            File.Delete(inWork.Name);
        }

        AssertAlone();
    }

    private string Partial(string number, TimeSpan age, string name = "a.file")
    {
        var path = Path.Combine(_folder.FullName, $"{name}.{number}.partial");
        File.Create(path).Dispose();
        File.SetLastWriteTimeUtc(path, File.GetLastWriteTimeUtc(path) - age);
        return path;
    }

    private void AssertAlone() => Assert.Equal([Target], Directory.GetFiles(_folder.FullName));
}
