using ActionRecognition.Rendering;
using OpenCvSharp;

namespace Mofo.ML.EndToEnd.Tests.ActionRecognition;

public sealed class SceneTests
{
    private static readonly DataSetOptions Options = new();

    static SceneTests() => OpenCvLibrary.Prepare();

    public static TheoryData<int> EveryClass => [.. MotionClasses.All.Select(motion => (int)motion)];

    [Theory]
    [MemberData(nameof(EveryClass))]
    public void The_same_seed_gives_the_same_pixels_and_another_seed_gives_others(int motion)
    {
        var first = Film(Options, (MotionClass)motion, seed: 11);

        Assert.Equal(first, Film(Options, (MotionClass)motion, seed: 11));
        Assert.NotEqual(first, Film(Options, (MotionClass)motion, seed: 12));
    }

    [Theory]
    [MemberData(nameof(EveryClass))]
    public void With_a_still_camera_pixels_change_inside_the_true_boxes_and_fill_them(int motion)
    {
        for (var seed = 0; seed < 5; seed++)
        {
            using var scene = new Scene(Options with { CameraReach = 0 }, (MotionClass)motion, new Random(seed));
            var changed = new Rect2d(Options.Width, Options.Height, -Options.Width, -Options.Height);
            var union = changed;
            using var before = new Mat();
            using var after = new Mat();
            scene.Render(0, before);
            for (var frame = 1; frame < Options.Frames; frame++)
            {
                scene.Render(frame, after);
                var truth = Join(Box(scene.TruthAt(frame - 1)), Box(scene.TruthAt(frame)));
                var moved = MovedPixels(before, after);
                Assert.True(Contains(truth, moved, slack: 2), $"Seed {seed}, frame {frame}: pixels moved in {moved}, the truth is {truth}.");
                (changed, union) = (Join(changed, moved), Join(union, truth));
                after.CopyTo(before);
            }

            // The true box is tight: what moved over the whole clip reaches each of its sides, but for corners of little contrast.
            Assert.True(changed.Width > 0, $"Seed {seed}: nothing moved.");
            var overlap = changed.Width * changed.Height / (union.Width * union.Height);
            Assert.True(overlap > 0.8, $"Seed {seed}: pixels moved in {changed}, the truth is {union}.");
        }
    }

    [Theory]
    [MemberData(nameof(EveryClass))]
    public void The_true_boxes_do_what_the_class_says_whatever_the_camera_does(int motion)
    {
        for (var seed = 0; seed < 40; seed++)
        {
            using var scene = new Scene(Options, (MotionClass)motion, new Random(seed));
            var (first, last) = (Box(scene.TruthAt(0)), Box(scene.TruthAt(Options.Frames - 1)));
            var right = last.Left + (last.Width / 2) - first.Left - (first.Width / 2);
            var down = last.Top + (last.Height / 2) - first.Top - (first.Height / 2);
            var growth = Math.Sqrt(last.Width * last.Height / (first.Width * first.Height));
            var far = 0.2 * Options.Height;
            var sideways = Math.Abs(right) > Math.Abs(down);
            var asNamed = (MotionClass)motion switch
            {
                MotionClass.MovedLeft => right < -far && sideways,
                MotionClass.MovedRight => right > far && sideways,
                MotionClass.MovedUp => down < -far && !sideways,
                MotionClass.MovedDown => down > far && !sideways,
                MotionClass.MovedTowardsCamera => growth > 1.5,
                MotionClass.MovedAwayFromCamera => growth < 1 / 1.5,
                MotionClass.TurnedRound => growth is > 0.6 and < 1.7 && Math.Abs(right) < far && Math.Abs(down) < far,
                MotionClass.TwoThingsMeeting => last.Width < 0.85 * first.Width,
                MotionClass.TwoThingsParting => first.Width < 0.85 * last.Width,
                _ => false,
            };
            Assert.True(asNamed, $"{(MotionClass)motion}, seed {seed}: from {first} to {last}.");
        }
    }

    private static byte[] Film(DataSetOptions options, MotionClass motion, int seed)
    {
        using var scene = new Scene(options, motion, new Random(seed));
        using var frame = new Mat();
        var pixels = new List<byte>();
        foreach (var t in (int[])[0, options.Frames / 2, options.Frames - 1])
        {
            scene.Render(t, frame);
            pixels.AddRange(frame.AsSpan<byte>());
        }

        return [.. pixels];
    }

    private static Rect2d MovedPixels(Mat before, Mat after)
    {
        using var difference = new Mat();
        using var grey = new Mat();
        Cv2.Absdiff(before, after, difference);
        Cv2.CvtColor(difference, grey, ColorConversionCodes.BGR2GRAY);
        Cv2.Threshold(grey, grey, 4, 255, ThresholdTypes.Binary);
        var box = Cv2.BoundingRect(grey);
        return box.Width == 0
            ? new Rect2d(Options.Width, Options.Height, -Options.Width, -Options.Height)
            : new Rect2d(box.X, box.Y, box.Width, box.Height);
    }

    private static Rect2d Box(double[] edges) => new(edges[0], edges[1], edges[2] - edges[0], edges[3] - edges[1]);

    private static Rect2d Join(Rect2d a, Rect2d b)
    {
        var (left, top) = (Math.Min(a.Left, b.Left), Math.Min(a.Top, b.Top));
        return new Rect2d(left, top, Math.Max(a.Right, b.Right) - left, Math.Max(a.Bottom, b.Bottom) - top);
    }

    private static bool Contains(Rect2d outer, Rect2d inner, double slack) =>
        inner.Left >= outer.Left - slack && inner.Top >= outer.Top - slack &&
        inner.Right <= outer.Right + slack && inner.Bottom <= outer.Bottom + slack;
}
