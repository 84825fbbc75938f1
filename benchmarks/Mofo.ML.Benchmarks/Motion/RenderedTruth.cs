using Mofo.ML.Tests.Synthetic;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.OpticalFlow;
using OpenCvSharp;

namespace Mofo.ML.Benchmarks.Motion;

/// <summary>Boxes against the truth of rendered clips, for every motion of the camera: the table of docs/quirks.md.</summary>
internal static class RenderedTruth
{
    private const int ClipsWithThings = 5;

    public static int Run(string? flows)
    {
        var folder = Directory.CreateTempSubdirectory("mofo-truth");
        try
        {
            var clips = Enum.GetValues<CameraMotion>().SelectMany(camera => Enumerable.Range(0, ClipsWithThings + 1).Select(i => Clip.Render(camera, i, folder.FullName))).ToArray();
            Console.WriteLine("| | " + string.Join(" | ", Enum.GetValues<CameraMotion>()) + " | all | strength with / without things | frames with a box where nothing moves |");
            foreach (var (name, options, make) in Candidates(flows))
            {
                var detector = new MotionDetector(options, make);
                var results = clips.Select(clip => clip.Compare(detector)).ToArray();
                var withThings = results.Where(r => r.Clip.Things > 0).ToArray();
                var cells = Enum.GetValues<CameraMotion>().Select(c => withThings.Where(r => r.Clip.Camera == c)).Append(withThings)
                    .Select(group => $"{group.Average(r => r.Union):F2} / {group.Average(r => r.PerFrame):F2}");
                var without = results.Where(r => r.Clip.Things == 0).ToArray();
                Console.WriteLine(
                    $"| {name} | {string.Join(" | ", cells)} | {withThings.Average(r => r.Strength):F3} / {without.Average(r => r.Strength):F4} | {without.Average(r => r.Found):P0} |");
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        return 0;
    }

    private static IEnumerable<(string Name, MotionDetectionOptions Options, FlowMaker Make)> Candidates(string? flows)
    {
        foreach (var (name, make) in FlowCandidates.Named(flows))
        {
            yield return ($"default rules, {name}", new MotionDetectionOptions(), make);
            yield return ($"the paper's cuts, {name}", new MotionDetectionOptions { PeakCut = 0.4, FineSigma = 1 }, make);
            yield return ($"ReleaseCompatible, {name}", new MotionDetectionOptions { ReleaseCompatible = true, Quantize = true, FlowShortSide = 0, CompensateCamera = false }, make);
        }
    }

    private sealed record Result(Clip Clip, double Union, double PerFrame, double Strength, double Found);

    private sealed record Clip(CameraMotion Camera, int Things, string Path, SyntheticClip Truth)
    {
        /// <summary>Clip 0 has no thing at all, the others one to three.</summary>
        public static Clip Render(CameraMotion camera, int number, string folder)
        {
            var things = number == 0 ? 0 : ((number - 1) % 3) + 1;
            var clip = SyntheticClip.Render(camera, things, 100 + number, frames: 16);
            var path = System.IO.Path.Combine(folder, $"{camera}{number}.avi");
            using var writer = new VideoWriter(path, FourCC.FromString("MJPG"), 25, new Size(clip.Frames[0].Width, clip.Frames[0].Height));
            foreach (var frame in clip.Frames)
            {
                using var rgb = Mat.FromPixelData(frame.Height, frame.Width, MatType.CV_8UC3, frame.Pixels);
                using var bgr = new Mat();
                Cv2.CvtColor(rgb, bgr, ColorConversionCodes.RGB2BGR);
                writer.Write(bgr);
            }

            return new Clip(camera, things, path, clip);
        }

        public Result Compare(MotionDetector detector)
        {
            var found = 0;
            var track = detector.DetectFrames(Path, frame => found += frame.Box is null ? 0 : 1);
            var perFrame = track.PerFrame.Zip(Truth.Truth).Where(pair => !pair.Second.IsEmpty).Select(pair => (double)pair.First.IntersectionOverUnion(pair.Second)).DefaultIfEmpty().Average();
            return new Result(this, track.Union.IntersectionOverUnion(Truth.TruthUnion), perFrame, track.MotionStrength, found / (double)track.PerFrame.Count);
        }
    }
}
