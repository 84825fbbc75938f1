using System.Diagnostics;
using System.Security.Cryptography;
using Microsoft.ML;
using Mofo.ML.Reliability.Fuzzing.Mutations;
using Mofo.ML.Trainers;
using Mofo.ML.Trainers.Weights;
using Mofo.ML.Transforms;

namespace Mofo.ML.Reliability.Fuzzing.Parsers;

/// <summary>Models that ML.NET saved: loading a stage of this project out of the zip file, and reading weights and sizes out of it.</summary>
internal sealed class ModelZipParser : Parser
{
    /// <summary>A context keeps what every loading leaves in it.</summary>
    private const int LoadsPerContext = 500;

    private static readonly IReadOnlyList<Mutation> Json = JsonMutations.All;
    private static readonly Mutation InsideEntries = ZipFiles.Inside(name => name.EndsWith(".json", StringComparison.Ordinal) ? Json : ByteMutations.All);
    private static readonly Mutation InsideWithHash = ZipFiles.Inside(name => name.EndsWith(".json", StringComparison.Ordinal) ? Json : ByteMutations.All, FitHash);

    private readonly string _file;
    private MLContext _ml = new();
    private int _loads;

    /// <param name="name">What the command line calls it.</param>
    /// <param name="models">Saved models.</param>
    /// <param name="scratch">For the file that weights are read from.</param>
    public ModelZipParser(string name, IReadOnlyList<byte[]> models, string scratch) => (Name, Seeds, _file) = (name, models, Path.Combine(scratch, name + ".zip"));

    public override string Name { get; }

    public override IReadOnlyList<byte[]> Seeds { get; }

    public override IReadOnlyList<Mutation> Mutations { get; } = [InsideWithHash, InsideWithHash, InsideWithHash, InsideEntries, ZipFiles.Rearrange];

    /// <summary>A network of the size that an edited file asks for may be large before it is refused.</summary>
    public override long MostBytes => 512L << 20;

    /// <summary>Models of stages without weights: boxes, maps.</summary>
    public static IReadOnlyList<byte[]> WithoutWeights()
    {
        var ml = new MLContext();
        var data = ml.Data.LoadFromEnumerable<Row>([]);
        var detection = new MotionDetectionOptions { Flow = OpticalFlowAlgorithm.TvL1, FlowShortSide = 96, CacheFolder = "boxes" };
        return [Save(ml, data, ml.Transforms.DetectMotion(options: detection)), Save(ml, data, ml.Transforms.DetectMotion()), Save(ml, data, ml.Transforms.ExtractMotionMap())];
    }

    public override void Read(byte[] input)
    {
        if (++_loads % LoadsPerContext == 0)
        {
            _ml = new MLContext();
        }

        Exception? refused = null;
        try
        {
            using var stream = new MemoryStream(input);
            (_ml.Model.Load(stream, out _) as IDisposable)?.Dispose();
        }
        catch (Exception e) when (Documents(e))
        {
            refused = e; // the second reader shall have it too
        }

        if (_loads % 8 == 0)
        {
            ReadWeights(input);
        }

        if (refused is not null)
        {
            throw refused;
        }
    }

    /// <remarks>ML.NET's own reader comes before ours and raises what it likes on a file that is no model; only what comes out of our code has to be what we document.</remarks>
    public override bool Documents(Exception error)
    {
        var chain = Chain(error).ToList();
        return chain.Exists(e => e is FormatException or InvalidDataException or WeightFileException or MofoOptionsException) || !IsOurs(chain[^1]);
    }

    private void ReadWeights(byte[] input)
    {
        File.WriteAllBytes(_file, input);
        try
        {
            if (WeightFiles.IsSavedModel(_file))
            {
                _ = InputCompatibility.InSavedModel(_file);
            }

            foreach (var set in WeightFiles.OpenEach(_file))
            {
                set.Dispose();
            }
        }
        catch (WeightFileException)
        {
            // Refused, as documented.
        }
    }

    /// <summary>Whether the exception left this project's code before ML.NET's.</summary>
    private static bool IsOurs(Exception error) =>
        new StackTrace(error, fNeedFileInfo: false).GetFrames().Select(frame => frame.GetMethod()?.DeclaringType?.Assembly.GetName().Name ?? "")
            .FirstOrDefault(name => name.StartsWith("Mofo.ML", StringComparison.Ordinal) || name.StartsWith("Microsoft.ML", StringComparison.Ordinal)) is "Mofo.ML.Transforms" or "Mofo.ML.Trainers";

    private static IEnumerable<Exception> Chain(Exception error)
    {
        for (var e = error; e is not null; e = e.InnerException)
        {
            yield return e;
        }
    }

    private static byte[] Save(MLContext ml, IDataView data, IEstimator<ITransformer> stage)
    {
        using var memory = new MemoryStream();
        ml.Model.Save(stage.Fit(data), data.Schema, memory);
        return memory.ToArray();
    }

    /// <summary>After stage.json was changed, its hash beside it fits again.</summary>
    private static void FitHash(List<(string Name, byte[] Bytes)> entries, int changed)
    {
        var (name, bytes) = entries[changed];
        var hash = entries.FindIndex(entry => entry.Name == name.Replace("stage.json", "stage.sha256", StringComparison.Ordinal));
        if (hash >= 0 && hash != changed)
        {
            entries[hash] = (entries[hash].Name, System.Text.Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(bytes))));
        }
    }

    private sealed class Row
    {
        public string VideoPath { get; set; } = "";
    }
}
