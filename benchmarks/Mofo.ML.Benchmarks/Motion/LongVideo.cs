using Mofo.ML.Benchmarks.Measuring;
using Mofo.ML.Transforms;
using OpenCvSharp;

namespace Mofo.ML.Benchmarks.Motion;

/// <summary>Whether memory stays flat over a long video: ten minutes of 1280x720, rendered where the file is not there yet.</summary>
internal static class LongVideo
{
    private const int Frames = 15_000; // ten minutes at 25 frames per second
    private const int Between = 1_000;
    private static readonly Size Size = new(1280, 720);

    public static int Run(string path)
    {
        if (!File.Exists(path))
        {
            Render(path);
        }

        Cv2.SetNumThreads(1);
        Console.WriteLine("| frames | resident MiB | largest so far | managed |\n|---|---|---|---|");
        var detector = new MotionDetector(new MotionDetectionOptions { FlowThreads = 1, Progress = new Reporter() });
        var track = detector.Detect(path);
        Console.WriteLine($"\n{track.PerFrame.Count} boxes, union {track.Union}, motion found: {track.MotionFound}, {ProcessClock.ProcessorSeconds:F0} s of processor");
        return 0;
    }

    /// <summary>A textured square that circles over a background which a trembling camera films.</summary>
    private static void Render(string path)
    {
        using var background = new Mat(Size.Height + 32, Size.Width + 32, MatType.CV_8UC3);
        using var thing = new Mat(120, 120, MatType.CV_8UC3);
        Cv2.Randu(background, new Scalar(40, 40, 40), new Scalar(200, 200, 200));
        Cv2.GaussianBlur(background, background, new Size(0, 0), 4);
        Cv2.Randu(thing, new Scalar(0, 0, 0), new Scalar(255, 255, 255));
        Cv2.GaussianBlur(thing, thing, new Size(0, 0), 3);
        using var writer = new VideoWriter(path, FourCC.FromString("mp4v"), 25, Size);
        using var frame = new Mat();
        for (var i = 0; i < Frames; i++)
        {
            var shake = new Point(16 + (int)(8 * Math.Sin(i * 0.31)), 16 + (int)(8 * Math.Sin(i * 0.23)));
            using var seen = background[new Rect(shake, Size)];
            seen.CopyTo(frame);
            using var place = frame[new Rect(580 + (int)(300 * Math.Cos(i * 0.02)), 300 + (int)(200 * Math.Sin(i * 0.02)), thing.Width, thing.Height)];
            thing.CopyTo(place);
            writer.Write(frame);
        }
    }

    private sealed class Reporter : IProgress<MotionDetectionProgress>
    {
        private int _next = 16;

        public void Report(MotionDetectionProgress value)
        {
            if (value.FramesDone < _next)
            {
                return;
            }

            Console.WriteLine($"| {value.FramesDone} | {ProcessClock.ResidentMiB:F0} | {ProcessClock.PeakMiB:F0} | {GC.GetTotalMemory(false) / (1 << 20)} |");
            _next = (value.FramesDone / Between * Between) + Between;
        }
    }
}
