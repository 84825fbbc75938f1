using Mofo.ML.Tests.Shared;
using OpenCvSharp;

namespace Mofo.ML.Trainers.Tests.Pretraining;

/// <summary>The pack's clips as videos that a pipeline can read.</summary>
internal static class GoldenClips
{
    /// <summary>[B,T,H,W,3] as one folder of pictures per clip.</summary>
    /// <returns>The paths of the folders.</returns>
    public static IReadOnlyList<string> Write(NpyArray clips, string folder)
    {
        var (frames, height, width) = ((int)clips.Shape[1], (int)clips.Shape[2], (int)clips.Shape[3]);
        var paths = Enumerable.Range(0, (int)clips.Shape[0]).Select(b => Directory.CreateDirectory(Path.Combine(folder, $"clip_{b}")).FullName).ToList();
        for (var i = 0; i < paths.Count * frames; i++)
        {
            using var picture = new Mat(height, width, MatType.CV_8UC3);
            var rgb = clips.Bytes.AsSpan(i * height * width * 3, height * width * 3).ToArray();
            picture.SetArray(Enumerable.Range(0, height * width).Select(p => new Vec3b(rgb[(3 * p) + 2], rgb[(3 * p) + 1], rgb[3 * p])).ToArray());
            Assert.True(Cv2.ImWrite(Path.Combine(paths[i / frames], $"frame_{i % frames:00}.png"), picture));
        }

        return paths;
    }
}
