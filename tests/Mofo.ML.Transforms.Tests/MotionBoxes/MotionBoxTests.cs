using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Mofo.ML.Transforms.Tests.MotionBoxes;

public class MotionBoxTests
{
    public static Arbitrary<MotionBox> Boxes() =>
        (from x in Gen.Choose(-50, 300)
         from y in Gen.Choose(-50, 300)
         from w in Gen.Choose(0, 200)
         from h in Gen.Choose(0, 200)
         select new MotionBox(x, y, x + w, y + h)).ToArbitrary();

    [Property(Arbitrary = [typeof(MotionBoxTests)])]
    public bool Intersection_lies_in_both_and_union_holds_both(MotionBox a, MotionBox b)
    {
        var common = a.Intersect(b);
        return common.Area <= Math.Min(a.Area, b.Area) && a.Union(b).Area >= Math.Max(a.Area, b.Area)
            && a.Union(b).Intersect(a).Area == a.Area && a.IntersectionOverUnion(b) is >= 0 and <= 1;
    }

    [Property(Arbitrary = [typeof(MotionBoxTests)])]
    public bool Overlap_is_symmetric_and_one_with_itself(MotionBox a, MotionBox b) =>
        a.IntersectionOverUnion(b) == b.IntersectionOverUnion(a) && (a.IsEmpty || a.IntersectionOverUnion(a) == 1);

    [Fact]
    public void Halves_of_a_frame_overlap_by_the_share_worked_out_by_hand()
    {
        // 10x10 and 10x10 shifted by 5: 50 common, 150 joint.
        Assert.Equal(1f / 3, new MotionBox(0, 0, 10, 10).IntersectionOverUnion(new(5, 0, 15, 10)), 6);
        Assert.Equal(new MotionBox(80, 60, 240, 180), MotionBox.CentralHalf(320, 240));
        Assert.Equal(new MotionBox(0, 0, 20, 10), new MotionBox(-5, -5, 20, 50).Clip(100, 10));
        Assert.Equal(MotionBox.Empty, new MotionBox(120, 0, 130, 10).Clip(100, 10));
    }

    [Fact]
    public void A_track_repeats_the_union_or_lists_each_frame()
    {
        var track = new BoxTrack(64, 48, [new(1, 2, 3, 4), new(2, 1, 5, 3)], 0.5f, true);
        Assert.Equal([1, 1, 5, 4, 1, 1, 5, 4], track.ToValues(BoxMode.Union));
        Assert.Equal([1, 2, 3, 4, 2, 1, 5, 3], track.ToValues(BoxMode.PerFrame));
        Assert.Throws<ArgumentException>(() => new BoxTrack(64, 48, [], 0, false));
    }
}
