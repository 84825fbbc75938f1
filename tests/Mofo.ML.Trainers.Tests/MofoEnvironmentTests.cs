namespace Mofo.ML.Trainers.Tests;

public sealed class MofoEnvironmentTests
{
    [Fact]
    public void This_machine_is_fit_and_every_native_library_was_tried()
    {
        var findings = MofoEnvironment.Examine();
        Assert.All(findings.Where(finding => !finding.IsOptional), finding => Assert.Null(finding.Problem));
        Assert.Contains(findings, finding => finding is { Name: "Video decoding", Value: var value } && value.Contains("4 of 4", StringComparison.Ordinal));
        Assert.Contains(findings, finding => finding is { Name: "libtorch", Value: var value } && value.StartsWith("2.", StringComparison.Ordinal));
        Assert.All(MofoEnvironment.Versions(), version => Assert.NotEqual("", version.Value));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_to_is_a_problem() =>
        Assert.Contains("Set TMPDIR", Environments.MachineTrials.Folder("Temporary folder", Path.Combine(Path.GetTempPath(), "mofo-missing", "folder")).Problem);
}
