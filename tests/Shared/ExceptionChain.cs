namespace Mofo.ML.Tests.Shared;

/// <summary>An error and what lies behind it.</summary>
internal static class ExceptionChain
{
    /// <summary>The error, its inner exception, and so on.</summary>
    public static IEnumerable<Exception> Causes(this Exception? error)
    {
        for (; error is not null; error = error.InnerException)
        {
            yield return error;
        }
    }
}
