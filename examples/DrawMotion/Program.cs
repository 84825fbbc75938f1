// Writes a video with its motion map (red), each frame's motion box (green) and the union box (yellow) drawn over it.
//
//   dotnet run -c Release --project examples/DrawMotion -- [video] [out.mp4] [Dis|TvL1|Farneback]
//
// Without a video it renders one: two things move, the camera pans.
using DrawMotion;
using Mofo.ML.Transforms;

var options = new MotionDetectionOptions { Progress = new Line() };
options.Flow = args.Length > 2 ? Enum.Parse<OpticalFlowAlgorithm>(args[2], ignoreCase: true) : options.Flow;
var video = args.ElementAtOrDefault(0) ?? DemoClip.Render(Path.Combine("results", "demo.avi"));
var output = args.ElementAtOrDefault(1) ?? Path.Combine("results", Path.GetFileNameWithoutExtension(video) + "-motion.mp4");

try
{
    var track = new MotionDrawing(options).SaveVideo(video, output);
    Console.WriteLine();
    Console.WriteLine(track.MotionFound
        ? $"{track.PerFrame.Count} frames, strength {track.MotionStrength:0.000} px/frame per pixel, union ({track.Union.X1:0}, {track.Union.Y1:0}) to ({track.Union.X2:0}, {track.Union.Y2:0})."
        : $"{track.PerFrame.Count} frames; nothing but the camera moves (strength {track.MotionStrength:0.000}): the box is the central half.");
    Console.WriteLine($"Written: {output}");
    return 0;
}
catch (Exception e) when (e is VideoException or IOException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

internal sealed class Line : IProgress<MotionDetectionProgress>
{
    public void Report(MotionDetectionProgress value) => Console.Write($"\r{value.FramesDone} of {value.FramesExpected} frames ");
}
