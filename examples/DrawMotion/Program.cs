// Writes a video with its motion map (red), each frame's motion box (green) and the union box (yellow) drawn over it.
//
//   dotnet run -c Release --project examples/DrawMotion -- [video] [out.mp4] [Dis|TvL1|Farneback]
//
// Without a video it renders one: two things move, the camera pans.
using DrawMotion;
using Mofo.ML.Transforms;
using OpenCvSharp;

var detector = new MotionDetector(new MotionDetectionOptions
{
    Flow = args.Length > 2 ? Enum.Parse<OpticalFlowAlgorithm>(args[2], ignoreCase: true) : new MotionDetectionOptions().Flow,
    Progress = new Line(),
});
var video = args.ElementAtOrDefault(0) ?? DemoClip.Render(Path.Combine("results", "demo.avi"));
var output = args.ElementAtOrDefault(1) ?? Path.Combine("results", Path.GetFileNameWithoutExtension(video) + "-motion.mp4");
Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(output))!);

try
{
    // The clean-up rules need the whole clip: the boxes first, then a second pass for pictures and maps.
    var track = detector.Detect(video);
    using var writer = new VideoWriter(output, FourCC.FromString("mp4v"), FramesPerSecond(video), Even(track.FrameWidth, track.FrameHeight));
    if (!writer.IsOpened())
    {
        Console.Error.WriteLine($"'{output}' cannot be written.");
        return 1;
    }

    detector.DetectFrames(video, frame =>
    {
        using var picture = Overlay(frame, track);
        using var even = picture[new Rect(new Point(0, 0), Even(frame.Width, frame.Height))];
        writer.Write(even);
    });
    Console.WriteLine();
    Console.WriteLine(track.MotionFound
        ? $"{track.PerFrame.Count} frames, strength {track.MotionStrength:0.000} px/frame per pixel, union ({track.Union.X1:0}, {track.Union.Y1:0}) to ({track.Union.X2:0}, {track.Union.Y2:0})."
        : $"{track.PerFrame.Count} frames; nothing but the camera moves (strength {track.MotionStrength:0.000}): the box is the central half.");
    Console.WriteLine($"Written: {output}");
    return 0;
}
catch (VideoException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

static Mat Overlay(MotionFrame frame, BoxTrack track)
{
    using var rgb = Mat.FromPixelData(frame.Height, frame.Width, MatType.CV_8UC3, frame.Rgb.ToArray());
    var picture = new Mat();
    Cv2.CvtColor(rgb, picture, ColorConversionCodes.RGB2BGR);

    // White at the map's strongest place of this frame, but never brighter than a thing of half a pixel per frame and pixel would make it in 8 flows.
    using var map = Mat.FromPixelData(frame.MapHeight, frame.MapWidth, MatType.CV_32FC1, frame.Map.ToArray());
    Cv2.MinMaxLoc(map, out _, out double strongest);
    using var level = new Mat();
    map.ConvertTo(level, MatType.CV_8UC1, 255 / Math.Max(strongest, 2));
    Cv2.Resize(level, level, picture.Size(), interpolation: InterpolationFlags.Linear);
    using var nothing = new Mat(picture.Size(), MatType.CV_8UC1, new Scalar(0));
    using var red = new Mat();
    Cv2.Merge([nothing, nothing, level], red);
    Cv2.AddWeighted(picture, 0.8, red, 0.8, 0, picture);

    Cv2.Rectangle(picture, Inside(track.Union), new Scalar(0, 220, 255), 1);
    if (track.MotionFound)
    {
        Cv2.Rectangle(picture, Inside(track.PerFrame[frame.Index]), new Scalar(60, 230, 60), 2);
    }

    return picture;
}

static Rect Inside(MotionBox box) => new((int)box.X1, (int)box.Y1, Math.Max(1, (int)box.Width), Math.Max(1, (int)box.Height));

// MPEG-4 wants even sizes.
static Size Even(int width, int height) => new(Math.Max(2, width / 2 * 2), Math.Max(2, height / 2 * 2));

static double FramesPerSecond(string path)
{
    using var capture = Directory.Exists(path) ? new VideoCapture() : new VideoCapture(path);
    return capture.IsOpened() && capture.Fps is > 0 and < 1000 and var rate ? rate : 25;
}

internal sealed class Line : IProgress<MotionDetectionProgress>
{
    public void Report(MotionDetectionProgress value) => Console.Write($"\r{value.FramesDone} of {value.FramesExpected} frames ");
}
