namespace Mofo.ML.Cli.Options;

/// <summary>The command line cannot be understood, or asks for what is not possible; exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);
