using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Mofo.ML.Trainers.Augmentation;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.Clips;

namespace Mofo.ML.Trainers.Tests.Augmentation;

/// <summary>Each geometric step is given a white rectangle with its box; afterwards the rectangle must be where the box says.</summary>
public class BoxesFollowPixelsTests
{
    // An enlarged edge is blurred over about one source pixel; windows here are enlarged up to about 5 times.
    private const float Enlarged = 3.5f;

    // The acute corner of a turned rectangle is thinner than a pixel for a while, so it is found late.
    private const float Slanted = 4;

    [Property(MaxTest = 200)]
    public void Multi_scale_crop(int seed) => Check(seed, new MultiScaleCrop(112), Enlarged);

    [Property(MaxTest = 200)]
    public void Random_resized_crop(int seed) => Check(seed, new RandomResizedCrop(112), 6);

    [Property(MaxTest = 100)]
    public void Horizontal_flip(int seed) => Check(seed, new HorizontalFlip(1), 0);

    [Property(MaxTest = 300)]
    public void Rotation_shear_and_translation(int seed)
    {
        var random = new Random(seed);
        var geometric = RandAugmentOperation.All(increasing: true).Where(o => o.Name is "rotate" or "shear_x" or "shear_y" or "translate_x_rel" or "translate_y_rel").ToArray();
        Assert.Equal(5, geometric.Length);
        var operation = geometric[random.Next(5)];
        using var clip = operation.Apply(Marked(random), random.Uniform(0, 10), random);
        MarkedClip.AssertBoxesFollow(clip, Slanted);
    }

    [Property(MaxTest = 100)]
    public void A_whole_pretraining_or_finetuning_chain(int seed) =>
        Check(seed, new ClipSteps(new MultiScaleCrop(112), new HorizontalFlip()), Enlarged);

    [Property(MaxTest = 50)]
    public void Test_crops(int seed)
    {
        using var whole = Marked(new Random(seed));
        foreach (var window in SpatialViews.TestCrops(whole.Width, whole.Height, 3))
        {
            using var clip = FrameResampling.CropResizeCopy(whole, window, 96, 96);
            MarkedClip.AssertBoxesFollow(clip, Enlarged);
        }
    }

    [Fact]
    public void Rotation_turns_the_picture_counter_clockwise()
    {
        using var clip = AffineMotion.Rotation(90, 100, 100).Apply(MarkedClip.Make(100, 100, new(80, 40, 90, 60)));
        Assert.Equal(new(40, 10, 60, 20), MarkedClip.Find(clip, 0));
    }

    [Fact]
    public void An_unknown_box_stays_unknown()
    {
        foreach (var step in new IClipStep[] { new MultiScaleCrop(32), new RandomResizedCrop(32), new HorizontalFlip(1), new RandAugment(RandAugmentPolicy.Default) })
        {
            using var clip = step.Apply(MarkedClip.Make(64, 48, MotionBox.Empty), new Random(2));
            Assert.All(clip.Boxes, box => Assert.True(box.IsEmpty));
        }
    }

    private static void Check(int seed, IClipStep step, float tolerance)
    {
        var random = new Random(seed);
        using var clip = step.Apply(Marked(random), random);
        MarkedClip.AssertBoxesFollow(clip, tolerance);
    }

    private static Clip Marked(Random random)
    {
        var (width, height) = (random.Next(100, 220), random.Next(100, 220));
        var (x, y) = (random.Next(0, width - 40), random.Next(0, height - 40));
        return MarkedClip.Make(width, height, new(x, y, random.Next(x + 12, width), random.Next(y + 12, height)));
    }
}
