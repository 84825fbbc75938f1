using Mofo.ML.Trainers.Training.Compute;

namespace Mofo.ML.Trainers.Tests.Training;

public sealed class HeapRetentionTests
{
    [Fact]
    public void The_c_library_of_common_linux_systems_accepts_it()
    {
        Assert.SkipUnless(File.Exists("/lib/x86_64-linux-gnu/libc.so.6") || File.Exists("/lib64/libc.so.6"), "Only glibc has the setting.");
        Assert.SkipWhen(Environment.GetEnvironmentVariable("MALLOC_MMAP_THRESHOLD_") is not null, "Set from outside.");
        Assert.True(HeapRetention.Enable());
        Assert.True(HeapRetention.Enable());
    }
}
