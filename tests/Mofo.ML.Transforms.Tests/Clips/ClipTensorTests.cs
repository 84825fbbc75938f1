using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Mofo.ML.Tests.Shared;
using Mofo.ML.Transforms.Clips;

namespace Mofo.ML.Transforms.Tests.Clips;

public class ClipTensorConformanceTests
{
    // Normalised values reach 2.6; one float32 step there is 2.4e-7, and the original rounds three times.
    private const float Tolerance = 1e-6f;

    [Fact]
    public void Clips_become_the_originals_input()
    {
        using var pack = GoldenPack.Npz("pretrain/input.npz");
        var bytes = pack["clip_uint8"]; // [B, T, H, W, 3]
        var expected = pack["videos"].ToSingles(); // [B, 3, T, H, W]
        var (batch, frames, height, width) = ((int)bytes.Shape[0], (int)bytes.Shape[1], (int)bytes.Shape[2], (int)bytes.Shape[3]);
        for (var b = 0; b < batch; b++)
        {
            using var clip = new Clip(frames, width, height);
            bytes.Bytes.AsSpan(b * clip.Pixels.Length, clip.Pixels.Length).CopyTo(clip.Pixels);
            var actual = new float[ClipTensor.LengthOf(frames, width, height)];
            ClipTensor.Write(clip, actual);
            for (var i = 0; i < actual.Length; i++)
            {
                Assert.Equal(expected[(b * actual.Length) + i], actual[i], Tolerance);
            }
        }
    }
}

public class ClipTensorTests
{
    [Property]
    public void Each_value_lands_in_its_channel_frame_row_and_column(PositiveInt t, PositiveInt w, PositiveInt h, int seed)
    {
        using var clip = new Clip(Math.Min(t.Get, 4), Math.Min(w.Get, 40), Math.Min(h.Get, 12));
        new Random(seed).NextBytes(clip.Pixels);
        var values = new float[ClipTensor.LengthOf(clip.Length, clip.Width, clip.Height)];
        ClipTensor.Write(clip, values);
        var plane = clip.Length * clip.Height * clip.Width;
        for (var i = 0; i < plane; i++)
        {
            for (var c = 0; c < 3; c++)
            {
                var expected = ((clip.Pixels[(i * 3) + c] / 255f) - ClipTensor.Mean[c]) / ClipTensor.StandardDeviation[c];
                Assert.Equal(expected, values[(c * plane) + i], 1e-6f);
            }
        }
    }

    [Fact]
    public void A_span_that_is_too_short_is_refused_with_both_lengths()
    {
        using var clip = new Clip(2, 4, 4);
        var error = Assert.Throws<ArgumentException>(() => ClipTensor.Write(clip, new float[95]));
        Assert.Contains("needs 96 values; the span has 95", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_disposed_clip_gives_no_pixels()
    {
        var clip = new Clip(1, 2, 2);
        clip.Dispose();
        clip.Dispose();
        Assert.Throws<ObjectDisposedException>(() => clip.Pixels.Length);
    }
}
