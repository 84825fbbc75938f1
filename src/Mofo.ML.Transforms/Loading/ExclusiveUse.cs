namespace Mofo.ML.Transforms.Loading;

/// <summary>Something that one thread uses at a time. Disposed while it is in use, it is closed by the thread that uses it, as soon as that is done.</summary>
/// <remarks>So ending the work does not wait for a slow use.</remarks>
internal sealed class ExclusiveUse(IDisposable used) : IDisposable
{
    private readonly Lock _gate = new();
    private volatile bool _ended;
    private bool _closed;

    /// <summary>Runs <paramref name="work"/> alone; other threads wait. Gives the default value once disposed.</summary>
    public T? Run<T>(Func<T> work)
    {
        try
        {
            lock (_gate)
            {
                return _ended ? default : work();
            }
        }
        finally
        {
            // Disposed meanwhile: the other thread found the gate shut and left the closing to this one.
            if (_ended)
            {
                CloseForOther();
            }
        }
    }

    public void Dispose()
    {
        _ended = true;
        CloseIfFree();
    }

    private void CloseForOther()
    {
        try
        {
            CloseIfFree();
        }
#pragma warning disable CA1031 // The one who asked for the end has gone on, and an error here would end the process.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }

    private void CloseIfFree()
    {
        if (!_gate.TryEnter())
        {
            return;
        }

        try
        {
            if (!_closed)
            {
                _closed = true;
                used.Dispose();
            }
        }
        finally
        {
            _gate.Exit();
        }
    }
}
