using FsCheck.Xunit;
using Mofo.ML.Transforms.MotionMaps;
using Mofo.ML.Transforms.OpticalFlow;

namespace Mofo.ML.Transforms.Tests.MotionMaps;

public class CameraMotionTests
{
    private const int Width = 160;
    private const int Height = 120;

    [Property(MaxTest = 40)]
    public bool Shift_zoom_and_rotation_are_taken_off_whatever_a_thing_in_front_does(int seed)
    {
        var random = new Random(seed);
        float Draw(float reach) => reach * ((2 * random.NextSingle()) - 1);
        var camera = new AffineField(Draw(4), Draw(0.02f), Draw(0.02f), Draw(4), Draw(0.02f), Draw(0.02f));
        var flow = Flow((x, y) => camera.At(x - (Width / 2f), y - (Height / 2f)));
        // A quarter of the picture goes its own way, with a little noise everywhere.
        for (var i = 0; i < flow.X.Length; i++)
        {
            var thing = i % Width > Width / 2 && i / Width > Height / 2;
            flow.X[i] += Draw(0.02f) + (thing ? 3 : 0);
            flow.Y[i] += Draw(0.02f) - (thing ? 2 : 0);
        }

        var found = new CameraMotion(Width, Height).Fit(flow);
        var (u, v) = camera.At(40, 30);
        var (fu, fv) = found.At(40, 30);
        return Math.Abs(u - fu) < 0.05 && Math.Abs(v - fv) < 0.05 && Math.Abs(found.Uxx - camera.Uxx) < 0.002 && Math.Abs(found.Vxy - camera.Vxy) < 0.002;
    }

    [Fact]
    public void What_the_camera_carries_out_of_the_picture_counts_as_background()
    {
        // 5 pixels to the right everywhere; a wild guess in the last columns, which have no partner.
        var flow = Flow((x, _) => (x >= Width - 6 ? 40 : 5, 0));
        _ = new CameraMotion(Width, Height).Remove(flow, border: 4, PictureArea.Whole(Width, Height));
        Assert.All(flow.X, residue => Assert.Equal(0, residue, 3));
    }

    [Fact]
    public void What_the_fit_leaves_makes_no_step_at_the_edge_of_what_stays()
    {
        // The background bends, so that no affine field fits: the rest must go on beyond the edge, not end there.
        var flow = Flow((x, y) => (6 + (0.0005f * (x - 80) * (y - 60)), 4));
        _ = new CameraMotion(Width, Height).Remove(flow, border: 4, PictureArea.Whole(Width, Height));
        Assert.True(flow.X.Max() - flow.X.Min() > 0.5f); // something is left
        for (var i = 0; i < flow.X.Length; i++)
        {
            Assert.True(i % Width == 0 || Math.Abs(flow.X[i] - flow.X[i - 1]) < 0.1f);
            Assert.True(i < Width || Math.Abs(flow.X[i] - flow.X[i - Width]) < 0.1f);
        }
    }

    [Fact]
    public void Black_bars_rest_without_looking_like_motion()
    {
        // Bars of more than half of the picture: alone they would decide what the camera does. Beside them the flow is drawn towards their rest.
        var area = new PictureArea(50, 8, 110, 112);
        var flow = Flow((x, y) => x < area.Left + 3 || x >= area.Right - 3 || y < area.Top + 3 || y >= area.Bottom - 3 ? (0, 0) : (3 + (0.01f * x), -1));
        _ = new CameraMotion(Width, Height).Remove(flow, border: 4, area);
        Assert.All(flow.X.Concat(flow.Y), residue => Assert.Equal(0, residue, 3));
    }

    [Property(MaxTest = 30)]
    public bool The_median_below_a_limit_is_that_of_all_distances_sorted(int seed)
    {
        var random = new Random(seed);
        var count = random.Next(1, 200);
        float[] Draw() => [.. Enumerable.Range(0, count).Select(_ => (4 * random.NextSingle()) - 2)];
        float[] x = Draw(), y = Draw(), flowX = Draw(), flowY = Draw();
        var field = new AffineField(0.3f, 0.1f, -0.2f, -0.4f, 0.2f, 0.1f);
        var sample = new FlowSample(count, wanted: 1000);
        sample.Take(x, y, flowX, flowY);
        var squares = Enumerable.Range(0, count).Select(i =>
        {
            var (u, v) = field.At(x[i], y[i]);
            return ((flowX[i] - u) * (flowX[i] - u)) + ((flowY[i] - v) * (flowY[i] - v));
        }).Order().ToArray();
        var median = squares[count / 2];
        return Math.Abs(sample.MedianBelow(float.PositiveInfinity, field) - median) < 1e-4 && sample.MedianBelow(median / 2, field) == median / 2;
    }

    [Fact]
    public void A_picture_too_small_for_more_than_a_shift_gets_the_shift()
    {
        var flow = new FlowField(3, 2);
        Array.Fill(flow.X, 2);
        Assert.Equal(new AffineField(2, 0, 0, 0, 0, 0), new CameraMotion(3, 2).Fit(flow));
    }

    private static FlowField Flow(Func<int, int, (float X, float Y)> at)
    {
        var flow = new FlowField(Width, Height);
        for (var i = 0; i < flow.X.Length; i++)
        {
            (flow.X[i], flow.Y[i]) = at(i % Width, i / Width);
        }

        return flow;
    }
}
