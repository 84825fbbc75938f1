using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;

namespace Mofo.ML.Transforms.Loading;

/// <summary>How a failure on a loader's thread reaches the consumer.</summary>
internal static class LoadFailure
{
    /// <summary>Throws errors that name their video, cancellations, and errors of the sequence of requests as they are; others with what failed.</summary>
    /// <param name="error">What went wrong.</param>
    /// <param name="requestFailed">The error came from the sequence of requests, so that there is no request to name.</param>
    /// <param name="what">Begins the sentence: what failed. Asked only where there is a request.</param>
    [DoesNotReturn]
    public static void Throw(Exception error, bool requestFailed, Func<string> what)
    {
        if (error is VideoException or OperationCanceledException || requestFailed)
        {
            ExceptionDispatchInfo.Throw(error);
        }

        throw new InvalidOperationException($"{what()}: {error.Message}", error);
    }
}
