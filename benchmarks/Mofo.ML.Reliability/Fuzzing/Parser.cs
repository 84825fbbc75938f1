namespace Mofo.ML.Reliability.Fuzzing;

/// <summary>One reader of files under test: what it is fed with, and how it may answer.</summary>
internal abstract class Parser
{
    /// <summary>What the command line calls it.</summary>
    public abstract string Name { get; }

    /// <summary>Sound inputs that mutation starts from.</summary>
    public abstract IReadOnlyList<byte[]> Seeds { get; }

    /// <summary>Mutations that know the format; those of bytes come beside them.</summary>
    public abstract IReadOnlyList<Mutation> Mutations { get; }

    /// <summary>Most bytes that one input may make the reader allocate beside a small multiple of its length.</summary>
    public virtual long MostBytes => 96L << 20;

    /// <summary>Reads the input to its end. Returns, or throws what the reader documents.</summary>
    public abstract void Read(byte[] input);

    /// <summary>Whether the reader documents this exception.</summary>
    public abstract bool Documents(Exception error);
}
