namespace ServeWithOnnx;

/// <summary>One upload that is being received: how fast it is, and whether it has to go.</summary>
internal sealed class UploadPlace(Action<UploadPlace> leave) : IDisposable
{
    private readonly long _start = TimeProvider.System.GetTimestamp();
    private readonly CancellationTokenSource _cutOff = new();
    private long _bytes;

    /// <summary>Cancelled when the upload has to make room.</summary>
    public CancellationToken MustGo => _cutOff.Token;

    public TimeSpan Age => TimeProvider.System.GetElapsedTime(_start);

    public double BytesPerSecond => Interlocked.Read(ref _bytes) / Math.Max(Age.TotalSeconds, 1e-3);

    public void Received(int bytes) => Interlocked.Add(ref _bytes, bytes);

    public void CutOff() => _cutOff.CancelAsync();

    /// <summary>Gives the place back. The source is not disposed of: it may be told to cancel at this moment, and holds nothing.</summary>
    public void Dispose() => leave(this);
}
