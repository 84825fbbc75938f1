using Microsoft.ML;
using Mofo.ML.Distributed.Messages;

namespace Mofo.ML.Distributed.Rows;

/// <summary>A model over a list, shared out by rows, the results brought together on all ranks.</summary>
internal sealed class SharedRows(MpiWorld world, MpiProcess process, Collectives collectives)
{
    public IDataView Transform(ITransformer model, IDataView data, Action<long> told)
    {
        var rows = world.Together(() =>
        {
            if (!model.IsRowToRowMapper)
            {
                throw new ArgumentException($"{model.GetType().Name} does not map each row to one row, so rows cannot be shared out over processes.", nameof(model));
            }

            return new KeptRows(model.GetOutputSchema(data.Schema));
        });
        world.Together(() => Take(rows, model, data, told));
        foreach (var (rank, bytes) in collectives.Gather(rows.ToBytes()).Index())
        {
            if (rank != world.Rank)
            {
                rows.Add(bytes);
            }
        }

        return rows;
    }

    private void Take(KeptRows rows, ITransformer model, IDataView data, Action<long> told)
    {
        // Disposing it, at the end or at a failure, notifies the other ranks; on rank 0 it waits for them.
        using var dispenser = new RowDispenser(process);
        var given = new HandedOutView(data, dispenser, told);
        rows.Take(model.Transform(given), row => given.Given[row]);
    }
}
