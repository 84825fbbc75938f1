namespace Mofo.ML.Transforms.Clips;

/// <summary>How a <see cref="ClipLoader{T}"/> works: none of it changes the results but the seed.</summary>
internal sealed record ClipLoaderOptions
{
    /// <summary>Threads that load.</summary>
    public int Workers { get; init; } = WorkersFor(0);

    /// <summary>How many requests may be loaded or loading ahead of the consumer: bounds the memory.</summary>
    public int Ahead { get; init; } = 16;

    /// <summary>Seed of all random draws.</summary>
    public int Seed { get; init; }

    /// <summary>Clock for the waiting time.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The number of threads that an option means; 0 is half of the processors, at least one.</summary>
    public static int WorkersFor(int asked) => asked > 0 ? asked : Math.Max(1, Environment.ProcessorCount / 2);
}
