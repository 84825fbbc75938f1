using FsCheck;
using FsCheck.Xunit;
using Mofo.ML.Trainers.Augmentation;
using Mofo.ML.Trainers.Training.Feed;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.Clips;
using Mofo.ML.Transforms.Video;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Tests.Training;

/// <summary>Clips whose frames lie on the device are cut there as the host cuts them: the same draws, values within the rounding of OpenCV's fixed point. On the CPU, and with MOFO_TEST_DEVICE on a GPU.</summary>
public sealed class CardClipTests : IDisposable
{
    private const int Frames = 6, Width = 40, Height = 30;

    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    public static TheoryData<string, int> Steps => new()
    {
        { "multi-scale", 16 }, // by area, from a factor of 2 on
        { "multi-scale", 24 }, // bilinear
        { "multi-scale", 48 }, // enlarged
        { "random crop", 24 },
        { "flip", 24 },
        { "jitter", 24 },
        { "grey", 24 },
    };

    [Theory]
    [MemberData(nameof(Steps))]
    public void Steps_on_the_device_are_those_on_the_host(string steps, int size)
    {
        for (var seed = 0; seed < 8; seed++)
        {
            var (host, boxes) = Finished(steps, size, seed, onDevice: false);
            var (there, sameBoxes) = Finished(steps, size, seed, onDevice: true);
            Assert.Equal(boxes, sameBoxes);
            var difference = (host - there).abs();
            Assert.InRange(difference.max().ToDouble(), 0, steps is "jitter" ? 6 : 1); // three factors of up to 1.6 multiply the resizing's rounding
            Assert.InRange(difference.mean().ToDouble(), 0, steps is "jitter" ? 1 : 0.3);
        }
    }

    [Property(MaxTest = 40)]
    public bool Any_window_is_cut_alike(int x, int y, int width, int height, int size, bool flip)
    {
        var (w, h, to) = (1 + (Math.Abs(width % Width)), 1 + (Math.Abs(height % Height)), 1 + Math.Abs(size % 40));
        var window = new CropWindow(Math.Abs(x % (Width - w + 1)), Math.Abs(y % (Height - h + 1)), w, h);

        // OpenCV enlarges by another rule where one side shrinks to less than half and the other grows; no crop of ours is so narrow.
        if (FrameResampling.AveragesAreas(window, to, to) && (w < to || h < to))
        {
            return true;
        }

        using var scope = NewDisposeScope();
        Clip Cut(Clip clip) => new HorizontalFlip(flip ? 1 : 0).Apply(FrameResampling.CropResize(clip, window, to, to), new Random(1));
        using var host = Cut(OnHost());
        using var there = Cut(OnDevice());
        return (Bytes(host, to) - Bytes(there, to)).abs().max().ToDouble() <= 1;
    }

    [Fact]
    public void A_batch_may_hold_clips_of_both_places_and_of_several_sizes()
    {
        var config = new VitConfig { ImageSize = 24, PatchSize = 8, Frames = Frames, EmbedDim = 24, Depth = 1, Heads = 1, DecoderDim = 24, DecoderDepth = 1, DecoderHeads = 1 };
        var crop = new MultiScaleCrop(24);
        List<IClipPixels> clips = [];
        foreach (var (clip, seed) in new[] { OnHost(), OnDevice(), OnDevice(50, 36), OnHost(50, 36) }.Select((clip, i) => (clip, i)))
        {
            clips.Add(new ByteClip(crop.Apply(clip, new Random(seed / 2)), null));
        }

        // The first and the last differ in size and draws from the middle ones in nothing but the place.
        var batch = PixelBatch.Stack(clips, config, TestDevice.Chosen).cpu();
        var other = PixelBatch.Stack([new ByteClip(crop.Apply(OnDevice(), new Random(0)), null), new ByteClip(crop.Apply(OnDevice(50, 36), new Random(1)), null)], config, TestDevice.Chosen).cpu();
        Assert.InRange((batch[0] - other[0]).abs().max().ToDouble(), 0, 0.02);
        Assert.InRange((batch[3] - other[1]).abs().max().ToDouble(), 0, 0.02);
    }

    [Fact]
    public void A_step_that_needs_pixels_says_so()
    {
        using var clip = OnDevice();
        Assert.Contains("lie on a device", Assert.Throws<InvalidOperationException>(() => PointOperations.Invert(clip)).Message, StringComparison.Ordinal);
    }

    private static (Tensor Values, MotionBox[] Boxes) Finished(string steps, int size, int seed, bool onDevice)
    {
        IClipStep[] chosen = steps switch
        {
            "multi-scale" => [new MultiScaleCrop(size)],
            "random crop" => [new RandomResizedCrop(size)],
            "flip" => [new RandomResizedCrop(size), new HorizontalFlip()],
            "jitter" => [new RandomResizedCrop(size), new ColorJitter(0.6)],
            _ => [new RandomResizedCrop(size), new RandomGray(0.5)],
        };
        using var clip = new ClipSteps(chosen).Apply(onDevice ? OnDevice() : OnHost(), new Random(seed));
        return (Bytes(clip, size), [.. clip.Boxes]);
    }

    /// <summary>[T,H,W,3] as float32.</summary>
    private static Tensor Bytes(Clip clip, int size)
    {
        var batch = zeros([1, clip.Length, size, size, 3], ScalarType.Byte, TestDevice.Chosen);
        if (clip.Deferred is { } deferred)
        {
            CardCrops.Write([(0, deferred)], batch);
        }
        else
        {
            batch[0].copy_(tensor(clip.Pixels.ToArray(), [clip.Length, size, size, 3]));
        }

        return batch[0].cpu().to(ScalarType.Float32);
    }

    private static Clip OnHost(int width = Width, int height = Height)
    {
        var (clip, frames) = (new Clip(Frames, width, height), Pictures(width, height));
        for (var i = 0; i < Frames; i++)
        {
            frames[^(i + 1)].Pixels.CopyTo(clip.Frame(i));
            clip.Boxes[i] = new MotionBox(i, 2, i + 12, 20);
        }

        return clip;
    }

    private static Clip OnDevice(int width = Width, int height = Height)
    {
        var boxes = Enumerable.Range(0, Frames).SelectMany(i => new float[] { Frames - 1 - i, 2, Frames - 1 - i + 12, 20 }).ToArray();
        var video = new CardVideo(Pictures(width, height), (width, height), TestDevice.Chosen);
        return video.Views(new ClipSource("video", boxes), count => [[.. Enumerable.Range(0, count).Reverse()]])[0];
    }

    private static List<Frame> Pictures(int width, int height) => [.. Enumerable.Range(0, Frames).Select(i =>
    {
        var pixels = new byte[width * height * 3];
        new Random(i).NextBytes(pixels);
        return new Frame(width, height, pixels);
    })];
}
