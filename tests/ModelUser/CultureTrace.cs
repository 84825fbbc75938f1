using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;
using Mofo.ML.Research;
using Mofo.ML.Tests.Shared;
using Mofo.ML.Trainers;
using Mofo.ML.Transforms;

namespace Mofo.ML.ModelUser;

/// <summary>Does the whole job under one culture after another and says what came out, so that a test can compare.</summary>
internal static class CultureTrace
{
    /// <summary>Writes lines of <c>culture TAB what TAB value</c>.</summary>
    public static void Run(string list, string folder, IEnumerable<string> cultures)
    {
        foreach (var name in cultures)
        {
            var culture = name switch
            {
                "comma" => TestCulture.Comma,
                "invariant" => CultureInfo.InvariantCulture,
                _ => CultureInfo.GetCultureInfo(name),
            };
            (CultureInfo.CurrentCulture, CultureInfo.DefaultThreadCurrentCulture) = (culture, culture);
            foreach (var (what, value) in Trace(list, Path.Combine(folder, name)))
            {
                Console.WriteLine($"{name}\t{what}\t{value}");
            }
        }
    }

    private static IEnumerable<(string What, string Value)> Trace(string list, string folder)
    {
        Directory.CreateDirectory(folder);
        var ml = new MLContext(seed: 3);
        // Classes that are numbers: 0.5 and 1.25 must come back as they are, not as 5 and 125.
        var rows = File.ReadLines(list).Take(2).Select((line, i) => new Row(Path.Combine(Path.GetDirectoryName(list)!, line.Split(' ')[0]), i % 2 == 0 ? 0.5f : 1.25f)).ToList();
        var data = ml.Data.LoadFromEnumerable(rows);
        var detection = new MotionDetectionOptions { Flow = OpticalFlowAlgorithm.Farneback, FlowShortSide = 48, CacheFolder = Path.Combine(folder, "boxes"), MinimumMotion = 0.015 };
        var finetuning = new MofoFinetuningOptions { Model = LongTraining.Network, Epochs = 1, BatchSize = 2, BaseLearningRate = 0.05, TestSegments = 1, TestCrops = 1 };
        finetuning.Validate();
        using var trained = ml.Transforms.DetectMotion(options: detection)
            .Append(ml.Transforms.Conversion.MapValueToKey("Label"))
            .Append(ml.MulticlassClassification.Trainers.MofoFinetune(options: finetuning))
            .Fit(data);
        var path = Path.Combine(folder, "model.zip");
        ml.Model.Save(trained, data.Schema, path);
        ml.Model.ConvertMofoToOnnx(trained, Path.Combine(folder, "model.onnx"));

        var loaded = new MLContext().Model.Load(path, out _);
        var scored = loaded.Transform(data);
        var keys = default(VBuffer<float>);
        scored.Schema["PredictedLabel"].Annotations.GetValue("KeyValues", ref keys);
        ml.MulticlassClassification.ReportVideos(scored).Videos.SaveCsv(Path.Combine(folder, "scores.csv"));
        BoxJson.Write(Path.Combine(folder, "boxes.json"), [new("clip", new MotionDetector(detection).Detect(rows[0].VideoPath))]);

        yield return ("class keys", string.Join(' ', keys.DenseValues().Select(k => k.ToString("R", CultureInfo.InvariantCulture))));
        yield return ("cache entries", string.Join(' ', Directory.GetFiles(detection.CacheFolder, "*", SearchOption.AllDirectories).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)));
        foreach (var file in Directory.GetFiles(folder).Where(file => file != path).Order(StringComparer.Ordinal))
        {
            yield return (Path.GetFileName(file), Hash(File.ReadAllBytes(file), folder));
        }

        using var zip = ZipFile.OpenRead(path);
        foreach (var entry in zip.Entries.Where(e => e.Name is "weights.safetensors" or "stage.json"))
        {
            using var stream = entry.Open();
            using var memory = new MemoryStream();
            stream.CopyTo(memory);
            yield return (entry.FullName, Hash(memory.ToArray(), folder));
        }

        foreach (var refused in new Action[] { () => new MofoFinetuningOptions { DropPath = -1.5 }.Validate(), () => new MofoFinetuningOptions { RandAugment = "rand-m7,5" }.Validate() })
        {
            yield return ("message", Message(refused));
        }
    }

    private static string Message(Action refused)
    {
        try
        {
            refused();
            return "accepted";
        }
        catch (MofoOptionsException e)
        {
            return e.Message.ReplaceLineEndings(" ");
        }
    }

    // The cache folder is another one for each culture and stands in the detector's options.
    private static string Hash(byte[] bytes, string folder) => Convert.ToHexStringLower(SHA256.HashData(
        Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(bytes).Replace(folder, new string('-', folder.Length), StringComparison.Ordinal))));

    private sealed record Row(string VideoPath, float Label);
}
