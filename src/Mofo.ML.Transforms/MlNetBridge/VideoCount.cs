namespace Mofo.ML.Transforms.MlNetBridge;

/// <summary>How many videos a reader of a stage has got so far, and how many of them could not be read.</summary>
internal sealed class VideoCount
{
    private bool _reported;

    public int Done { get; private set; }

    public int Skipped { get; private set; }

    /// <summary>Counts one video.</summary>
    public void Add(bool skipped)
    {
        Done++;
        Skipped += skipped ? 1 : 0;
    }

    /// <summary>The sentence for the end, where videos were skipped and it was not said before; else null.</summary>
    /// <param name="output">What a video that cannot be read has none of.</param>
    public string? Report(string output)
    {
        if (Skipped == 0 || _reported)
        {
            return null;
        }

        _reported = true;
        return Invariant($"{Skipped} of {Done} videos could not be read; they have no {output}.");
    }
}
