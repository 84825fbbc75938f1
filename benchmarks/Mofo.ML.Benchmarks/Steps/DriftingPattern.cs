using Mofo.ML.Trainers;
using Mofo.ML.Trainers.Pretraining;
using Mofo.ML.Transforms.Clips;

namespace Mofo.ML.Benchmarks.Steps;

/// <summary>A clip of waves that drift: something that can be learned, from a seed.</summary>
internal static class DriftingPattern
{
    public static PretrainingClip Clip(VitConfig config, MofoPretrainingOptions options, int seed)
    {
        var random = new Random(seed);
        var (fx, fy, speed, phase) = (random.NextDouble() / 6, random.NextDouble() / 6, random.NextDouble(), random.NextDouble() * 6);
        using var clip = new Clip(config.Frames, config.ImageSize, config.ImageSize);
        for (var t = 0; t < config.Frames; t++)
        {
            var frame = clip.Frame(t);
            for (var i = 0; i < frame.Length; i++)
            {
                var (x, y, channel) = (i / 3 % config.ImageSize, i / 3 / config.ImageSize, i % 3);
                frame[i] = (byte)(127 + (100 * Math.Sin((fx * x) + (fy * y) + (speed * t) + phase + channel)));
            }
        }

        return PretrainingClips.Prepare("drifting", clip, PretrainingClips.MaskingOf(options), config, random);
    }
}
