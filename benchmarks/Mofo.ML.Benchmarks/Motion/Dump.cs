using Mofo.ML.Transforms;
using Mofo.ML.Transforms.OpticalFlow;
using OpenCvSharp;
namespace Mofo.ML.Benchmarks.Motion;
internal static class Dump
{
    public static int Run(string clip, string flows, string png)
    {
        var address = VideoSegment.OfFrames(clip, null, 50).ToString();
        var rows = new List<Mat>();
        foreach (var (name, make) in new (string, FlowMaker)[] { ("tvl1", (w, h) => new KeptFlow(flows, w, h)), ("dis", (w, h) => new DisFlow(w, h)) })
        {
            var row = new List<Mat>();
            var boxes = new List<string>();
            var track = new MotionDetector(new MotionDetectionOptions { FlowThreads = 1 }, make).DetectFrames(address, f =>
            {
                boxes.Add($"{f.Index}:{f.Box}");
                if (f.Index % 8 != 3) { return; }
                using var map = Mat.FromPixelData(f.MapHeight, f.MapWidth, MatType.CV_32FC1, f.Map.ToArray());
                var m = new Mat(); map.ConvertTo(m, MatType.CV_8UC1, 255 * f.PerUnit / 0.3);
                var c = new Mat(); Cv2.CvtColor(m, c, ColorConversionCodes.GRAY2BGR);
                var s = (double)f.MapWidth / f.Width;
                if (f.Box is { } b) { Cv2.Rectangle(c, new Rect((int)(b.X1 * s), (int)(b.Y1 * s), (int)(b.Width * s), (int)(b.Height * s)), new Scalar(0, 0, 255)); }
                using var rgb = Mat.FromPixelData(f.Height, f.Width, MatType.CV_8UC3, f.Rgb.ToArray());
                using var bgr = new Mat(); Cv2.CvtColor(rgb, bgr, ColorConversionCodes.RGB2BGR);
                var small = new Mat(); Cv2.Resize(bgr, small, c.Size());
                var both = new Mat(); Cv2.VConcat(new[] { small, c }, both);
                row.Add(name == "tvl1" ? both : c);
            });
            Console.WriteLine($"{Path.GetFileName(clip)} {name} union {track.Union} strength {track.MotionStrength}");
            var line = new Mat(); Cv2.HConcat(row.ToArray(), line); rows.Add(line);
        }
        var all = new Mat(); Cv2.VConcat(rows.ToArray(), all); Cv2.ImWrite(png, all);
        return 0;
    }
}
internal static class Edges
{
    public static int Run(string clip)
    {
        using var reader = Mofo.ML.Transforms.Video.FrameReader.Open(clip);
        var n = 0;
        while (n < 60 && reader.TryRead(out var f))
        {
            if (n++ % 25 != 0) { continue; }
            var g = GrayConversion.Convert(f);
            string Row(int y) => $"{Enumerable.Range(0, f.Width).Average(x => (double)g[(y * f.Width) + x]):F0}/{Enumerable.Range(0, f.Width).Max(x => g[(y * f.Width) + x])}";
            string Col(int x) => $"{Enumerable.Range(0, f.Height).Average(y => (double)g[(y * f.Width) + x]):F0}/{Enumerable.Range(0, f.Height).Max(y => g[(y * f.Width) + x])}";
            Console.WriteLine($"{Path.GetFileName(clip)} top {string.Join(' ', Enumerable.Range(0, 14).Select(Row))} | bottom {string.Join(' ', Enumerable.Range(1, 14).Select(y => Row(f.Height - y)))} | left {string.Join(' ', Enumerable.Range(0, 10).Select(Col))} | right {string.Join(' ', Enumerable.Range(1, 10).Select(x => Col(f.Width - x)))}");
        }
        return 0;
    }
}
