using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;

namespace Mofo.ML.Transforms.Clips;

/// <summary>How a failure to load a clip reaches the consumer.</summary>
internal static class ClipLoading
{
    /// <summary>Throws errors that name their video, and cancellations, as they are; others with the item that failed.</summary>
    /// <param name="order">What was asked for.</param>
    /// <param name="error">What went wrong.</param>
    /// <param name="requestFailed">The error came from the sequence of requests, so that there is no item to name.</param>
    [DoesNotReturn]
    public static void Throw(ClipOrder order, Exception error, bool requestFailed = false)
    {
        if (error is VideoException or OperationCanceledException || requestFailed)
        {
            ExceptionDispatchInfo.Throw(error);
        }

        throw new InvalidOperationException(Invariant($"Item {order.Item} of epoch {order.Epoch} could not be loaded: {error.Message}"), error);
    }
}
