namespace Mofo.ML.Trainers;

/// <summary>What <see cref="MofoEnvironment.Examine"/> found out about one thing.</summary>
/// <param name="Name">The thing, e.g. <c>OpenCV</c>.</param>
/// <param name="Value">What was found, e.g. a version.</param>
/// <param name="Problem">What is wrong and what to do, in sentences; null where nothing is.</param>
/// <param name="IsOptional">Whether everything else works without it.</param>
public sealed record EnvironmentFinding(string Name, string Value, string? Problem = null, bool IsOptional = false);
