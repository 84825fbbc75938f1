using Mofo.ML.Benchmarks.Measuring;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.Clips;
using Mofo.ML.Transforms.Scoring;
using OpenCvSharp;

namespace Mofo.ML.Benchmarks.Pipelines;

/// <summary>How cost grows with the length of a video: motion boxes, and the clip that a scoring pass takes from it.</summary>
internal static class VideoLength
{
    private const int MostFrames = 6_400;

    public static int Run()
    {
        if (RealVideos.Folder is null)
        {
            return RealVideos.Absent();
        }

        Console.WriteLine(
            "\n### Growth with the length of a video (a real clip there and back again, 320x240, mpeg4): processor seconds\n\n"
            + "| frames | motion boxes s | ms a frame | one clip of 16 frames s | ms a frame | resident MiB |\n|---|---|---|---|---|---|");
        var detector = new MotionDetector(new MotionDetectionOptions());
        var views = new ScoringViews(16, 224, ClipSampling.Uniform, 2, Segments: 1, Crops: 1);
        var folder = Directory.CreateTempSubdirectory("mofo-length-");
        try
        {
            Row(warm: true, 100);
            for (var frames = 100; frames <= MostFrames; frames *= 4)
            {
                Row(warm: false, frames);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        return 0;

        void Row(bool warm, int frames)
        {
            var path = Write(Path.Combine(folder.FullName, $"{frames}.mp4"), frames);
            float[] boxes = [];
            var detection = Measurement.Of(() => boxes = detector.Detect(path).ToValues(BoxMode.Union)).ProcessorSeconds;
            var clip = Measurement.Of(() => Array.ForEach(views.Load(new ClipSource(path, boxes)), view => view.Dispose())).ProcessorSeconds;
            if (!warm)
            {
                Console.WriteLine($"| {frames} | {detection:0.00} | {1000 * detection / frames:0.0} | {clip:0.000} | {1000 * clip / frames:0.00} | {ProcessClock.ResidentMiB:0} |");
            }
        }
    }

    /// <summary>A video of so many frames.</summary>
    private static string Write(string path, int frames)
    {
        var size = new Size(320, 240);
        var pictures = new List<Mat>();
        using (var source = new VideoCapture(RealVideos.Files(1)[0]))
        {
            using var read = new Mat();
            while (pictures.Count < 60 && source.Read(read))
            {
                pictures.Add(read.Resize(size));
            }
        }

        using var writer = new VideoWriter(path, FourCC.FromString("mp4v"), 25, size);
        for (var i = 0; i < frames; i++)
        {
            var (turn, place) = (i / pictures.Count, i % pictures.Count);
            writer.Write(pictures[turn % 2 == 0 ? place : pictures.Count - 1 - place]);
        }

        pictures.ForEach(picture => picture.Dispose());
        return path;
    }
}
