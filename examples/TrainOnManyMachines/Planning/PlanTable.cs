using System.Globalization;
using Mofo.ML.Trainers;

namespace TrainOnManyMachines.Planning;

/// <summary>The tables of docs/scale.md.</summary>
internal static class PlanTable
{
    public static IEnumerable<string> Lines()
    {
        yield return "| training | machines | GPUs | compute, s | decode, s | exchange, s | clips/s and GPU | efficiency | hours | hours without decoding | limit |";
        yield return "|---|---|---|---|---|---|---|---|---|---|---|";
        foreach (var cluster in new[] { KnownFigures.H200WithNccl, KnownFigures.H200ThroughMemory })
        {
            foreach (var job in new[] { KnownFigures.Something("ViT-B, SSv2", VitConfig.Base), KnownFigures.Something("ViT-L, SSv2", VitConfig.Large) })
            {
                foreach (var gpus in new[] { 8, 64, 256 })
                {
                    yield return Line(new Prediction(job, cluster, gpus), cluster);
                }
            }
        }

        yield return Line(new Prediction(KnownFigures.KineticsAsPublished, KnownFigures.V100, 64), KnownFigures.V100);
        yield return Line(new Prediction(KnownFigures.Ucf101AsPublished, KnownFigures.V100, 8), KnownFigures.V100);
    }

    private static string Line(Prediction p, Cluster cluster) => string.Create(
        CultureInfo.InvariantCulture,
        $"| {p.Job.Name} | {cluster.Name} | {p.Gpus} | {p.Compute:0.000} | {p.Decode:0.000} | {p.Exchange:0.000} | {p.ClipsPerSecondAndGpu:0} | {p.Efficiency:0 %} | {p.Hours:0.0} | {p.HoursWithoutDecoding:0.0} | {p.Limit} |");
}
