using Microsoft.ML.Runtime;

namespace Mofo.ML.Transforms.MlNetBridge;

/// <summary>
/// When a pass over the data must stop: the option's token, <c>MLContext.CancelExecution()</c>, or a stage behind this one that stops.
/// </summary>
/// <remarks>
/// ML.NET's views have no place for a token. A stage that reads rows from the one before it opens <see cref="Reading"/> around that, and whatever
/// starts to compute within it, on whichever thread, is stopped with the reader.
/// </remarks>
internal sealed class StageCancellation : IDisposable
{
    /// <summary>MLContext has a flag and no token; this is how often it is looked at.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);
    private static readonly AsyncLocal<CancellationToken> Reader = new();

    private readonly CancellationTokenSource _source;
    private readonly Timer? _poll;

    public StageCancellation(StageHost host, params ReadOnlySpan<CancellationToken> tokens)
    {
        _source = CancellationTokenSource.CreateLinkedTokenSource([.. tokens, Reader.Value]);
        Token = _source.Token;
        if (host.Environment is ICancelable context)
        {
            if (context.IsCanceled)
            {
                _source.Cancel();
                return;
            }

            // The timer does not carry the caller's context along: its callback has no use for it.
            using var flow = ExecutionContext.SuppressFlow();
            _poll = new Timer(_ => CancelIf(context), null, Interval, Interval);
        }
    }

    public CancellationToken Token { get; }

    /// <summary>Runs <paramref name="read"/>, which reads from the stage before this one; it stops when this pass does.</summary>
    public T Reading<T>(Func<T> read)
    {
        var outer = Reader.Value;
        Reader.Value = Token;
        try
        {
            return read();
        }
        finally
        {
            Reader.Value = outer;
        }
    }

    /// <summary>Stops everything that reads within it.</summary>
    public void Cancel() => _source.Cancel();

    public void Dispose()
    {
        _poll?.Dispose();
        _source.Dispose();
    }

    private void CancelIf(ICancelable context)
    {
        if (!context.IsCanceled)
        {
            return;
        }

        try
        {
            _source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The pass ended while the timer fired.
        }
    }
}
