using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text.Json;
using Mofo.ML.Trainers.Weights;

namespace Mofo.ML.Distributed.Tests;

/// <summary>What a run of MpiUser left in its folder.</summary>
internal sealed class Trained(string folder)
{
    /// <summary>Per step: number, loss, loss inside and outside the box, validation accuracy (-1 where there is none).</summary>
    public double[][] Steps => JsonSerializer.Deserialize<double[][]>(File.ReadAllText(Path.Combine(folder, "steps.json")))!;

    /// <summary>The weights of a rank's model as they are in its file.</summary>
    public byte[] Weights(int rank)
    {
        using var zip = ZipFile.OpenRead(Path.Combine(folder, Invariant($"model{rank}.zip")));
        using var entry = zip.Entries.Single(e => e.Name == "weights.safetensors").Open();
        using var memory = new MemoryStream();
        entry.CopyTo(memory);
        return memory.ToArray();
    }

    /// <summary>All weights of rank 0 in a row.</summary>
    public float[] Values()
    {
        var path = Path.Combine(folder, "weights.safetensors");
        File.WriteAllBytes(path, Weights(0));
        using var weights = Safetensors.Open(path);
        return [.. weights.Names.Order(StringComparer.Ordinal).SelectMany(name => MemoryMarshal.Cast<byte, float>(weights[name].ToArray()).ToArray())];
    }
}
