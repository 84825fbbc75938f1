namespace Mofo.ML.Reliability.Processes;

/// <summary>How a process ended.</summary>
internal sealed record ProcessResult(int ExitCode, string Output, string Errors);
