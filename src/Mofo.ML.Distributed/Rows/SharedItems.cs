using Mofo.ML.Distributed.Messages;

namespace Mofo.ML.Distributed.Rows;

/// <summary>Work on numbered items, shared out one by one, the results brought together on all ranks.</summary>
internal sealed class SharedItems(MpiWorld world, MpiProcess process, Collectives collectives)
{
    public IReadOnlyList<byte[]> Compute(int count, Func<int, byte[]> work)
    {
        var own = world.Together(() => Take(count, work));
        var results = new byte[count][];
        foreach (var bytes in collectives.Gather(ToBytes(own)))
        {
            using var reader = new BinaryReader(new MemoryStream(bytes));
            while (reader.BaseStream.Position < bytes.Length)
            {
                var item = reader.ReadInt32();
                results[item] = reader.ReadBytes(reader.ReadInt32());
            }
        }

        return results;
    }

    private List<(int Item, byte[] Result)> Take(int count, Func<int, byte[]> work)
    {
        // Disposing it, at the end or at a failure, tells the others; on rank 0 it waits for them.
        using var dispenser = new RowDispenser(process);
        var taken = new List<(int Item, byte[] Result)>();
        while (dispenser.Next() is { } item && item < count)
        {
            taken.Add(((int)item, work((int)item)));
        }

        return taken;
    }

    private static byte[] ToBytes(List<(int Item, byte[] Result)> taken)
    {
        using var memory = new MemoryStream();
        using var writer = new BinaryWriter(memory);
        foreach (var (item, result) in taken)
        {
            writer.Write(item);
            writer.Write(result.Length);
            writer.Write(result);
        }

        writer.Flush();
        return memory.ToArray();
    }
}
