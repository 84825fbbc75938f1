using ActionRecognition.Pictures;
using Microsoft.ML;
using Mofo.ML.Trainers;
using Mofo.ML.Transforms;

namespace DocsPictures;

/// <summary>A clip that was not trained on, and what the weights in the library reconstruct of it.</summary>
internal static class WhatWasLearned
{
    public static void Save(string clip, string path)
    {
        using var encoder = (MofoPretrainedTransformer)new MLContext().Model.Load(PretrainedWeights.Micro, out _);
        var boxes = new MotionDetector(MotionDetectionOptions.BoxPaths).Detect(clip).ToValues(BoxMode.PerFrame);
        var made = encoder.Reconstruct(clip, boxes, seed: 1);
        ReconstructionPicture.Save(All(made.Original), All(made.Masked), All(made.Rebuilt), path);

        RgbPicture[] All(IReadOnlyList<byte[]> frames) => [.. frames.Select(pixels => new RgbPicture(made.Size, made.Size, pixels))];
    }
}
