using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Model.Layers;

/// <summary>Divides the rows of a tensor into shares of fixed size for torch's number of threads: the shares, and so all sums over them, are the same for any number.</summary>
/// <param name="rows">Rows, at least 1.</param>
/// <param name="width">Values of a row.</param>
/// <param name="values">Values of a share: the least work that pays for another thread.</param>
internal readonly struct RowShares(long rows, int width, long values)
{
    public int Count => (int)((rows + Size - 1) / Size);

    /// <summary>Rows of a share.</summary>
    private long Size => Math.Max(1, values / width);

    /// <summary>Runs once for each share: its number, its first row, the row behind its last.</summary>
    public void Each(Action<int, long, long> run)
    {
        var (count, size, end) = (Count, Size, rows);
        var threads = get_num_threads();
        if (threads == 1 || count == 1)
        {
            for (var share = 0; share < count; share++)
            {
                Run(share);
            }

            return;
        }

        _ = Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = threads }, Run);

        void Run(int share) => run(share, share * size, Math.Min(end, (share + 1) * size));
    }
}
