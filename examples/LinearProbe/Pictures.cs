using ActionRecognition.Pictures;
using Microsoft.ML;
using Microsoft.ML.Data;
using Mofo.ML.Trainers;

namespace LinearProbe;

/// <summary>A clip, what the model sees of it and what it makes of that, from a model that was saved and loaded.</summary>
internal static class Pictures
{
    public static void SaveReconstruction(MLContext ml, MofoPretrainedTransformer model, IDataView test, string folder)
    {
        var path = Path.Combine(folder, "pretrained.zip");
        ml.Model.SaveMofoModel(model, test.Schema, path);
        using var loaded = (MofoPretrainedTransformer)new MLContext().Model.Load(path, out _);
        var clip = test.GetColumn<ReadOnlyMemory<char>>("VideoPath").First().ToString();
        var made = loaded.Reconstruct(clip, test.GetColumn<float[]>("MotionBoxes").First());
        ReconstructionPicture.Save(Every(made.Original), Every(made.Masked), Every(made.Rebuilt), Path.Combine(folder, "reconstruction.png"));

        List<RgbPicture> Every(IReadOnlyList<byte[]> frames) => [.. frames.Select(frame => new RgbPicture(made.Size, made.Size, frame))];
    }
}
