namespace Mofo.ML.Transforms.Clips;

/// <summary>One thing to load: which item of the data set, in which epoch.</summary>
internal readonly record struct ClipOrder(int Epoch, int Item)
{
    /// <summary>All items of one epoch in a random order that depends on seed and epoch alone.</summary>
    public static ClipOrder[] Shuffled(int items, int epoch, int seed)
    {
        var order = InTurn(items, epoch);
        ClipSeed.RandomFor(seed, epoch, -1).Shuffle(order);
        return order;
    }

    /// <summary>All items of one epoch from first to last.</summary>
    public static ClipOrder[] InTurn(int items, int epoch = 0)
    {
        var order = new ClipOrder[items];
        for (var item = 0; item < items; item++)
        {
            order[item] = new(epoch, item);
        }

        return order;
    }
}
