namespace Mofo.ML.Transforms.Loading;

/// <summary>What became of one request.</summary>
/// <param name="Request">The request; the default where drawing it failed.</param>
/// <param name="Value">The result, where there is no error.</param>
/// <param name="Error">Why there is no result.</param>
/// <param name="RequestFailed">The error came from the sequence of requests; no result follows.</param>
internal readonly record struct LoadResult<TRequest, TResult>(TRequest? Request, TResult? Value, Exception? Error, bool RequestFailed);
