using System.Globalization;
using ActionRecognition.Pictures;
using Microsoft.ML;
using Mofo.ML.Trainers;
using Mofo.ML.Transforms;
using OpenCvSharp;

namespace DocsPictures;

/// <summary>A clip that was not trained on, and what the weights in the library reconstruct of it, beside the guess that needs no learning: the mean of the clip at each pixel.</summary>
internal static class WhatWasLearned
{
    private const int Margin = 6;
    private const int Caption = 24;
    private const int Cell = 112;

    public static void Save(string clip, string path)
    {
        using var encoder = (MofoPretrainedTransformer)new MLContext().Model.Load(PretrainedWeights.Micro, out _);
        var boxes = new MotionDetector(MotionDetectionOptions.BoxPaths).Detect(clip).ToValues(BoxMode.PerFrame);
        var made = encoder.Reconstruct(clip, boxes, seed: 1);
        var guess = Guess(made);
        var share = Error(made, made.Rebuilt) / Error(made, guess);
        (string Title, IReadOnlyList<byte[]> Frames)[] rows =
        [
            ("original", made.Original),
            (string.Create(CultureInfo.InvariantCulture, $"what the encoder sees: {100 * (1 - made.MaskedShare):0} % of the tubes"), made.Masked),
            ("guess without learning: masked patches have the mean of the clip at each pixel", guess),
            (string.Create(CultureInfo.InvariantCulture, $"reconstructed: squared error in the masked patches is {100 * share:0} % of that of the guess"), made.Rebuilt),
        ];
        using var canvas = new Canvas(Margin + (made.Original.Count * (Cell + Margin)), rows.Length * (Caption + Cell + Margin));
        for (var row = 0; row < rows.Length; row++)
        {
            var top = row * (Caption + Cell + Margin);
            canvas.Text(rows[row].Title, Margin, top + 17);
            for (var i = 0; i < rows[row].Frames.Count; i++)
            {
                using var frame = new RgbPicture(made.Size, made.Size, rows[row].Frames[i]).ToMat();
                canvas.Paste(frame, new Rect(Margin + (i * (Cell + Margin)), top + Caption, Cell, Cell));
            }
        }

        canvas.Save(path);
    }

    /// <summary>The clip with its mean over time in every masked place.</summary>
    private static List<byte[]> Guess(Reconstruction made)
    {
        var mean = new double[made.Original[0].Length];
        for (var i = 0; i < mean.Length; i++)
        {
            mean[i] = made.Original.Average(frame => (double)frame[i]);
        }

        return [.. made.Original.Select((frame, f) => frame.Select((value, i) => made.Masked[f][i] == value ? value : (byte)Math.Round(mean[i])).ToArray())];
    }

    /// <summary>Sum of squared differences to the original; pixels that are visible add nothing.</summary>
    private static double Error(Reconstruction made, IReadOnlyList<byte[]> frames) =>
        frames.Select((frame, f) => frame.Select((value, i) => Math.Pow(value - made.Original[f][i], 2)).Sum()).Sum();
}
