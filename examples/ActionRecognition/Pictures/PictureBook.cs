using ActionRecognition.Evaluation;
using ActionRecognition.Motion;
using ActionRecognition.Training;
using Microsoft.ML.Data;
using Mofo.ML.Trainers;
using Mofo.ML.Transforms;

namespace ActionRecognition.Pictures;

/// <summary>The pictures of a run, all in one folder.</summary>
internal sealed class PictureBook(string folder)
{
    private const int Frames = 7;

    private readonly List<string> _files = [];

    /// <summary>The pictures made so far.</summary>
    public IReadOnlyList<string> Files => _files;

    /// <summary>Strips of a few clips: frames with boxes, motion maps.</summary>
    public void Motion(MotionDetectionOptions detection, IEnumerable<string> clips, Truth? truth) => MotionStrip.Save(
        [.. Spread(clips).Select(path => Watch(detection, path, truth?.UnionOf(path)))], Add("motion-boxes.png"));

    /// <summary>What the pretrained model makes of a clip of which it sees little.</summary>
    public void Reconstruction(MofoPretrainedTransformer model, IReadOnlyDictionary<string, BoxTrack> clips)
    {
        var (path, track) = clips.First();
        var clip = model.Reconstruct(path, track.ToValues(BoxMode.Union));
        RgbPicture[] Row(IReadOnlyList<byte[]> frames) => [.. frames.Where((_, i) => i % 2 == 0).Select(pixels => new RgbPicture(clip.Size, clip.Size, pixels))];
        ReconstructionPicture.Save(Row(clip.Original), Row(clip.Masked), Row(clip.Rebuilt), Add("reconstruction.png"));
    }

    public void Losses(IReadOnlyList<TrainingLog> logs) => LossCurves.Save([.. logs.Select(log => log.Losses())], Add("losses.png"));

    public void FewLabels(FewLabels few, IReadOnlyList<string> classes) => FewLabelsPicture.Save(few, classes, Add("few-labels.png"));

    public void Confusion(IReadOnlyList<string> classes, ConfusionMatrix confusion) =>
        ConfusionPicture.Save(classes, confusion.Counts, Add("confusion.png"));

    private static MotionClip Watch(MotionDetectionOptions detection, string path, MotionBox? truth)
    {
        var detector = new MotionDetector(detection);
        var track = detector.Detect(path);
        var shown = Enumerable.Range(0, Frames).Select(i => (int)((i + 0.5) * track.PerFrame.Count / Frames)).ToHashSet();
        var frames = new List<StripFrame>();
        _ = detector.DetectFrames(path, Keep);
        return new MotionClip(Path.GetFileName(path), frames, track.Union, truth);

        void Keep(MotionFrame frame)
        {
            if (shown.Contains(frame.Index))
            {
                var picture = new RgbPicture(frame.Width, frame.Height, frame.Rgb.ToArray());
                frames.Add(new StripFrame(picture, frame.MapWidth, frame.MapHeight, frame.Map.ToArray(), track.PerFrame[frame.Index]));
            }
        }
    }

    /// <summary>Three clips from the beginning, middle and end of a list.</summary>
    private static IEnumerable<string> Spread(IEnumerable<string> clips)
    {
        var all = clips.ToArray();
        return new[] { 0, all.Length / 2, all.Length - 1 }.Distinct().Select(i => all[i]);
    }

    private string Add(string name)
    {
        _files.Add(Path.Combine(folder, name));
        return _files[^1];
    }
}
