using FsCheck;
using FsCheck.Xunit;
using Mofo.ML.Transforms.MlNetBridge;

namespace Mofo.ML.Transforms.Tests.MlNetBridge;

public sealed class MlNetVersionTests
{
    [Theory]
    [InlineData("5.0.1+a4f730ec", true)]
    [InlineData("5.0.1", true)]
    [InlineData("5.0.9", true)]
    [InlineData("5.0.0+a4f730ec", false)]
    [InlineData("4.0.2", false)]
    [InlineData("5.1.0", false)]
    [InlineData("6.0.0", false)]
    [InlineData("5.0.2-preview.1", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Only_the_patch_releases_of_one_version_are_accepted(string? version, bool accepted) =>
        Assert.Equal(accepted, MlNetVersion.IsAccepted(version));

    [Property]
    public bool Every_patch_release_from_the_first_on_is_accepted(NonNegativeInt patch) =>
        MlNetVersion.IsAccepted($"5.0.{patch.Get}+commit") == (patch.Get >= MlNetVersion.First.Build);

    [Fact]
    public void The_ML_NET_of_these_tests_is_accepted() => MlNetVersion.Check();
}
