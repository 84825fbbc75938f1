namespace Mofo.ML.Transforms.MlNetBridge;

/// <summary>Finds the error that a user can act on behind those of ML.NET, which wraps what happens on its own threads.</summary>
internal static class StageFailure
{
    /// <summary>The video that cannot be read, or the cancellation, that this error reports; the error itself where it reports neither.</summary>
    public static Exception Of(Exception error) => Causes(error).FirstOrDefault(cause => cause is VideoException or OperationCanceledException) ?? error;

    private static IEnumerable<Exception> Causes(Exception error)
    {
        yield return error;
        var inner = error is AggregateException many ? many.InnerExceptions : (IEnumerable<Exception>)(error.InnerException is { } one ? [one] : []);
        foreach (var cause in inner.SelectMany(Causes))
        {
            yield return cause;
        }
    }
}
