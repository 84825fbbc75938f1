using FsCheck.Fluent;
using FsCheck.Xunit;
using Mofo.ML.Research;
using Mofo.ML.Transforms.MotionBoxes;

namespace Mofo.ML.Transforms.Tests.MotionBoxes;

public class BoxCleanupTests
{
    private static readonly BoxCleanup Cleanup = new(320, 240, BoxRules.SomethingSomething);
    private static readonly MotionBox Good = new(100, 60, 160, 120);

    [Fact]
    public void A_gap_is_filled_between_its_neighbours_and_the_ends_take_the_nearest()
    {
        var boxes = Cleanup.FillGaps([null, Good, null, null, Good.Translate(30, 0), null]);
        Assert.Equal([Good, Good, Good.Translate(10, 0), Good.Translate(20, 0), Good.Translate(30, 0), Good.Translate(30, 0)], boxes);
    }

    [Fact]
    public void Without_any_box_every_frame_gets_the_central_half() =>
        Assert.Equal(Enumerable.Repeat(new MotionBox(80, 60, 240, 180), 3), Cleanup.FillGaps([null, null, null]));

    [Fact]
    public void Boxes_too_large_or_too_small_give_way_to_better_ones_unless_the_clip_is_like_that()
    {
        var large = new MotionBox(0, 0, 300, 200);
        var small = new MotionBox(10, 10, 20, 20);

        // Two of six boxes are a third: exceptions. Three of six, or all of them, are what moves.
        Assert.Equal([null, Good, null, null, Good, Good, Good], Cleanup.DropUnlikely([large, Good, small, null, Good, Good, Good]));
        Assert.Equal([large, Good, small, null, Good, large, Good], Cleanup.DropUnlikely([large, Good, small, null, Good, large, Good]));
        Assert.Equal([large, small], Cleanup.DropUnlikely([large, small]));
        Assert.Equal([null, null], Cleanup.DropUnlikely([null, null]));
    }

    [Property]
    public bool A_steady_motion_is_not_frozen(FsCheck.PositiveInt frames, byte speed)
    {
        var boxes = Enumerable.Range(0, (frames.Get % 50) + 1).Select(i => Good.Translate(i * speed, -i * speed)).ToArray();
        return BoxCleanup.Smooth(boxes).SequenceEqual(boxes);
    }

    [Fact]
    public void A_box_that_jumps_for_one_frame_is_put_back()
    {
        var boxes = Enumerable.Repeat(Good, 9).ToArray();
        boxes[4] = Good.Translate(100, 50);
        Assert.All(BoxCleanup.Smooth(boxes), box => Assert.Equal(Good, box));
    }

    [Fact]
    public void A_vanishing_union_becomes_the_central_half_for_Something_Something_only()
    {
        var dot = new MotionBox(10, 10, 20, 20); // 100 of 76800 pixels
        Assert.Equal(MotionBox.CentralHalf(320, 240), Cleanup.Union([dot]));
        Assert.Equal(dot, new BoxCleanup(320, 240, BoxRules.EpicKitchens).Union([dot]));
    }
}
