using ActionRecognition.Pictures;
using Microsoft.ML;
using Mofo.ML.Trainers;
using Mofo.ML.Transforms;
using OpenCvSharp;

namespace DocsPictures;

/// <summary>What the encoder sees of one clip under random tubes and under motion tubes, for three seeds each.</summary>
internal static class MaskPicture
{
    private const int Margin = 8;
    private const int Caption = 26;
    private const int Cell = 224;
    private const int Seeds = 3;

    /// <summary>The grid of the paper (14 x 14 tubes) in a network that is as small as can be: masks do not depend on the weights.</summary>
    private static readonly VitConfig Grid = new() { EmbedDim = 12, Depth = 1, Heads = 1, DecoderDim = 12, DecoderDepth = 1, DecoderHeads = 1 };

    public static void Save(string clip, string path)
    {
        var track = new MotionDetector().Detect(clip);
        (string Title, double? Ratio)[] rules = [("random tubes (VideoMAE): 90 % of all tubes are hidden; the box plays no part", null), ("motion tubes (MOFO): 75 % of the tubes in the box are hidden, the rest of the 90 % outside", 0.75)];
        using var canvas = new Canvas(Margin + (Seeds * (Cell + Margin)), rules.Length * (Caption + Cell + Margin));
        for (var row = 0; row < rules.Length; row++)
        {
            var top = row * (Caption + Cell + Margin);
            canvas.Text(rules[row].Title, Margin, top + 18);
            using var encoder = Untrained(clip, rules[row].Ratio);
            for (var seed = 0; seed < Seeds; seed++)
            {
                var seen = encoder.Reconstruct(clip, track.ToValues(BoxMode.Union), seed);
                using var frame = new RgbPicture(seen.Size, seen.Size, seen.Masked[seen.Masked.Count / 2]).ToMat();
                var area = new Rect(Margin + (seed * (Cell + Margin)), top + Caption, Cell, Cell);
                canvas.Paste(frame, area);
                canvas.Frame(InCrop(track, area), Canvas.Rgb(255, 214, 0), thickness: 2);
            }
        }

        canvas.Save(path);
    }

    /// <summary>The union box in the middle square of the frame, which is what the network sees.</summary>
    private static Rect InCrop(BoxTrack track, Rect area)
    {
        var side = Math.Min(track.FrameWidth, track.FrameHeight);
        var scale = (float)area.Width / side;
        var box = track.Union.Translate(-(track.FrameWidth - side) / 2f, -(track.FrameHeight - side) / 2f).Scale(scale, scale).Clip(area.Width, area.Height);
        return new Rect(area.X + (int)box.X1, area.Y + (int)box.Y1, (int)box.Width, (int)box.Height);
    }

    private static MofoPretrainedTransformer Untrained(string clip, double? ratio)
    {
        var ml = new MLContext(seed: 1);
        var view = ml.Data.LoadFromEnumerable([new Row { VideoPath = clip, MotionBoxes = [] }]);
        return ml.Transforms.PretrainMofo(new MofoPretrainingOptions { Model = Grid, Epochs = 1, MotionMaskRatio = ratio, BatchSize = 1 }).Fit(view);
    }

    private sealed class Row
    {
        public string VideoPath { get; set; } = "";

        public float[] MotionBoxes { get; set; } = [];
    }
}
