using System.Diagnostics.CodeAnalysis;
using Mofo.ML.Transforms.Loading;

namespace Mofo.ML.Transforms.Clips;

/// <summary>How a failure to load a clip reaches the consumer.</summary>
internal static class ClipFailure
{
    /// <summary>Throws errors that name their video, and cancellations, as they are; others with the item that failed.</summary>
    /// <param name="order">What was asked for.</param>
    /// <param name="error">What went wrong.</param>
    /// <param name="requestFailed">The error came from the sequence of requests, so that there is no item to name.</param>
    [DoesNotReturn]
    public static void Throw(ClipOrder order, Exception error, bool requestFailed = false) =>
        LoadFailure.Throw(error, requestFailed, () => Invariant($"Item {order.Item} of epoch {order.Epoch} could not be loaded"));
}
