namespace Mofo.ML.EndToEnd.Tests.NativeLibraries;

/// <summary>Torch's threads in a process that may use one processor of several, as .NET counts them in a container with a quota.</summary>
public sealed class QuotaTests
{
    [Theory]
    [InlineData("stage")]
    [InlineData("model")]
    public void Torch_keeps_to_the_processors_that_are_granted(string start)
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable("OMP_NUM_THREADS") is not null, "The environment names torch's number of threads.");
        Assert.Equal("1", Threads(start, []));
    }

    [Fact]
    public void A_number_that_the_environment_names_stays() => Assert.Equal("2", Threads("stage", new() { ["OMP_NUM_THREADS"] = "2" }));

    private static string Threads(string start, Dictionary<string, string> environment)
    {
        environment["DOTNET_PROCESSOR_COUNT"] = "1";
        var run = SecondProcess.Start(SecondProcess.Host, [SecondProcess.Program, "threads", start], environment);
        Assert.True(run.ExitCode == 0, run.Errors);
        return run.Output.Trim();
    }
}
