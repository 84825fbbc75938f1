using System.Diagnostics.CodeAnalysis;
using Mofo.ML.Transforms.Loading;

namespace Mofo.ML.Transforms.Clips;

/// <summary>Prepares clips ahead on threads of its own and hands them out in the order of the requests.</summary>
/// <remarks>
/// What comes out depends on the requests and the seed alone, never on the number of threads or their timing: each
/// request gets a <see cref="Random"/> of its own and its own place in the order. Requests are drawn lazily, so they may run
/// over epochs without end. One thread consumes; results not consumed are disposed with the loader.
/// </remarks>
internal sealed class ClipLoader<T> : IDisposable
{
    private readonly AheadLoader<ClipOrder, T> _loader;
    private readonly Func<ClipOrder, Exception, bool>? _skip;

    /// <param name="orders">What to load, in this order; enumerated on the loader's threads, one at a time.</param>
    /// <param name="load">Makes one result; called on several threads at once.</param>
    /// <param name="options">Threads, clips ahead, seed.</param>
    /// <param name="skip">Asked on the consumer's thread, in order, when a request failed: true drops it, false (or no function) throws.</param>
    /// <param name="cancel">Ends waiting and loading.</param>
    public ClipLoader(
        IEnumerable<ClipOrder> orders,
        Func<ClipOrder, Random, CancellationToken, T> load,
        ClipLoaderOptions options,
        Func<ClipOrder, Exception, bool>? skip = null,
        CancellationToken cancel = default)
    {
        _skip = skip;
        _loader = new AheadLoader<ClipOrder, T>(
            orders, (order, stop) => load(order, ClipSeed.RandomFor(options.Seed, order.Epoch, order.Item), stop), options.Workers, options.Ahead, options.Time, cancel);
    }

    /// <summary>How long the consumer has waited for results so far.</summary>
    public TimeSpan Waited => _loader.Waited;

    /// <summary>How many failed requests were dropped.</summary>
    public int Skipped { get; private set; }

    /// <summary>The next result in order and the request that it answers, waiting for it if need be; false when the requests are used up.</summary>
    /// <exception cref="VideoException">The video of this request cannot be read.</exception>
    /// <exception cref="InvalidOperationException">Loading this request failed in another way; the inner exception says how.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public bool TryNext([MaybeNullWhen(false)] out T item, out ClipOrder order)
    {
        while (_loader.TryTake(out var result))
        {
            order = result.Request;
            if (result.Error is not { } error)
            {
                item = result.Value!;
                return true;
            }

            if (_skip is null || result.RequestFailed || !_skip(order, error))
            {
                ClipFailure.Throw(order, error, result.RequestFailed);
            }

            Skipped++;
        }

        (item, order) = (default, default);
        return false;
    }

    /// <inheritdoc/>
    public void Dispose() => _loader.Dispose();
}
