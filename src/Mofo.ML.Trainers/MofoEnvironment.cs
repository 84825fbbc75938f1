using Mofo.ML.Trainers.Environments;

namespace Mofo.ML.Trainers;

/// <summary>Examines the machine and the program: versions, native libraries, devices, folders. What a bug report should say, and what is wrong.</summary>
public static class MofoEnvironment
{
    /// <summary>Looks at everything; each native library is loaded and used for a small trial.</summary>
    /// <returns>One line for each thing. Nothing is thrown: what fails is a finding with a <see cref="EnvironmentFinding.Problem"/>.</returns>
    public static IReadOnlyList<EnvironmentFinding> Examine() =>
    [
        .. VersionList.All().Select(version => new EnvironmentFinding(version.Key, version.Value)),
        MachineTrials.Memory(),
        MachineTrials.Folder("Temporary folder", Path.GetTempPath()),
        NativeTrials.OpenCv(),
        NativeTrials.Decoding(),
        NativeTrials.Torch(),
        NativeTrials.Cuda(),
        NativeTrials.OnnxRuntime(),
    ];

    /// <summary>The versions that decide what a training computes, for reports.</summary>
    /// <returns>Names and versions.</returns>
    public static IReadOnlyList<KeyValuePair<string, string>> Versions() => VersionList.All();
}
