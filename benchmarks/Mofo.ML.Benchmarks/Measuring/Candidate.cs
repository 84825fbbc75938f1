namespace Mofo.ML.Benchmarks.Measuring;

/// <summary>One way of doing a piece of work.</summary>
/// <param name="Name">Shown in the table.</param>
/// <param name="Run">Does it once.</param>
/// <param name="GigaFlops">Arithmetic in it, 10^9 operations; 0 where it makes no sense.</param>
/// <param name="Limit">Name of the candidate whose rate is the limit for this one, or null.</param>
/// <param name="Clips">Clips in it.</param>
internal sealed record Candidate(string Name, Action Run, double GigaFlops = 0, string? Limit = null, int Clips = 1);
