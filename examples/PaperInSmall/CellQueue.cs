namespace PaperInSmall;

/// <summary>
/// Hands cells to workers. A cell whose pretrained network is not trained yet comes first, because others wait for that network; a cell that waits for one in training comes when it is done.
/// </summary>
/// <param name="cells">All cells, in the order of the table.</param>
/// <param name="network">What a cell starts from: the name of the pretrained network, null where there is none. Asked once for every cell.</param>
/// <param name="say">Told why a run ends early.</param>
internal sealed class CellQueue(IEnumerable<Cell> cells, Func<Cell, string?> network, Action<string> say)
{
    private readonly Lock _lock = new();
    private readonly List<Waiting> _waiting = [.. cells.Select(cell => new Waiting(cell, network(cell)))];
    private readonly Dictionary<string, Task> _networks = [];

    /// <summary>Runs every cell, so many at a time. The first exception ends the run when the cells in work are done.</summary>
    /// <param name="workers">Cells at a time; at least 1.</param>
    /// <param name="pretrain">Makes the network that a cell starts from; called once for every network.</param>
    /// <param name="run">Finetunes and scores a cell.</param>
    public void Run(int workers, Action<Cell> pretrain, Action<Cell> run)
    {
        using var stop = new CancellationTokenSource();
        Task.WhenAll(Enumerable.Range(0, workers).Select(_ => Start(() => Work(pretrain, run, stop)))).GetAwaiter().GetResult();
    }

    private void Work(Action<Cell> pretrain, Action<Cell> run, CancellationTokenSource stop)
    {
        try
        {
            while (!stop.IsCancellationRequested && Next(pretrain) is var (cell, ready))
            {
                ready.GetAwaiter().GetResult();
                run(cell);
            }
        }
        catch (Exception e)
        {
            // Said now: the other trainings may take long to come to their end.
            say($"{e.Message} No further training is started.");
            stop.Cancel();
            throw;
        }
    }

    /// <summary>The next cell and the training of its network, which this worker has to run where it is new; null where no cell is left.</summary>
    private (Cell Cell, Task Network)? Next(Action<Cell> pretrain)
    {
        lock (_lock)
        {
            if (_waiting.Count == 0)
            {
                return null;
            }

            var next = _waiting.Find(waiting => waiting.Network is { } name && !_networks.ContainsKey(name)) ?? _waiting.Find(IsReady) ?? _waiting[0];
            _waiting.Remove(next);
            if (next.Network is not { } needed)
            {
                return (next.Cell, Task.CompletedTask);
            }

            if (!_networks.TryGetValue(needed, out var training))
            {
                _networks[needed] = training = Start(() => pretrain(next.Cell));
            }

            return (next.Cell, training);
        }
    }

    private static Task Start(Action work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private bool IsReady(Waiting waiting) => waiting.Network is not { } name || _networks[name].IsCompletedSuccessfully;

    /// <summary>A cell and the network that it starts from.</summary>
    private sealed record Waiting(Cell Cell, string? Network);
}
