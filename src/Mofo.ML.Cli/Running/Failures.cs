using Mofo.ML.Cli.Options;
using Mofo.ML.Trainers;
using Mofo.ML.Transforms;

namespace Mofo.ML.Cli.Running;

/// <summary>What an exception means to the user: an exit code and a message without a stack trace, where it is one that the libraries throw on purpose.</summary>
internal static class Failures
{
    /// <param name="exception">What was thrown; ML.NET and tasks wrap exceptions, so the causes count too.</param>
    /// <returns>The code and the message; the whole exception as text where it is none that is expected.</returns>
    public static (int ExitCode, string Message) Describe(Exception exception)
    {
        var chain = Chain(exception).ToList();
        return chain.Any(e => e is OperationCanceledException) ? (ExitCodes.Cancelled, "Stopped.")
            : chain.FirstOrDefault(e => e is UsageException or MofoOptionsException) is { } usage ? (ExitCodes.Usage, Usage(usage))
            : chain.FirstOrDefault(IsExpected) is { } expected ? (ExitCodes.Failed, expected.Message)
            : (ExitCodes.Failed, exception.ToString());
    }

    private static bool IsExpected(Exception e) => e is VideoException or RankFailedException or WeightFileException or WeightMismatchException or CheckpointException or TrainingDivergedException
        or IOException or InvalidDataException or UnauthorizedAccessException or FormatException or DllNotFoundException or ArgumentException or InvalidOperationException;

    /// <summary>Options have other names on the command line than in the options classes.</summary>
    private static string Usage(Exception usage) => usage is MofoOptionsException options
        ? string.Join(Environment.NewLine, options.Problems.Select(problem => ProblemText.Of(options.OptionsName, problem)))
        : usage.Message;

    private static IEnumerable<Exception> Chain(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            yield return exception;
        }
    }
}
