using ActionRecognition.Baselines;
using ActionRecognition.Evaluation;
using ActionRecognition.Rendering;

namespace Mofo.ML.EndToEnd.Tests.ActionRecognition;

public sealed class BaselineTests
{
    [Fact]
    public void Cholesky_solves_a_system_whose_answer_is_known()
    {
        // A = M Mᵀ + I is positive definite; b = A x.
        const int n = 30;
        var random = new Random(5);
        var m = new double[n, n];
        var x = new double[n];
        for (var i = 0; i < n; i++)
        {
            x[i] = random.NextDouble() - 0.5;
            for (var j = 0; j < n; j++)
            {
                m[i, j] = random.NextDouble() - 0.5;
            }
        }

        var a = new double[n, n];
        var b = new double[n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                a[i, j] = (i == j ? 1 : 0) + Enumerable.Range(0, n).Sum(k => m[i, k] * m[j, k]);
                b[i] += a[i, j] * x[j];
            }
        }

        var solved = new Cholesky(a).Solve(b);

        Assert.All(Enumerable.Range(0, n), i => Assert.Equal(x[i], solved[i], 1e-10));
    }

    [Fact]
    public void Ridge_learns_classes_that_a_plane_divides_whatever_the_scale_of_a_feature()
    {
        var random = new Random(3);
        (double[] Row, int Label) Draw()
        {
            var label = random.Next(3);
            return ([(label == 0 ? 1e6 : 0) + (1e5 * random.NextDouble()), (label == 1 ? 1 : 0) + (0.1 * random.NextDouble()), 7], label);
        }

        var train = Enumerable.Range(0, 60).Select(_ => Draw()).ToArray();
        var ridge = RidgeClassifier.Fit([.. train.Select(t => t.Row)], [.. train.Select(t => t.Label)], penalty: 1);

        Assert.All(Enumerable.Range(0, 50).Select(_ => Draw()), t => Assert.Equal(t.Label, ridge.Predict(t.Row)));
    }

    [Fact]
    public void Frame_differences_find_what_moves_and_unreadable_clips_count_as_wrong()
    {
        var folder = Directory.CreateTempSubdirectory("mofo-baseline-").FullName;
        try
        {
            RenderedDataSet.Ensure(folder, new DataSetOptions { TrainClipsPerClass = 3, TestClipsPerClass = 1, Frames = 8, CameraReach = 0, StillThings = 0 });
            var classes = File.ReadAllLines(Path.Combine(folder, "classes.txt"));
            ListedClip[] Load(string list) => [.. File.ReadAllLines(Path.Combine(folder, list)).Select(line => line.Split(' '))
                .Select(p => new ListedClip { VideoPath = Path.Combine(folder, p[0]), Label = classes[int.Parse(p[1])] })];
            var (train, test) = (Load("train.csv"), Load("test.csv"));

            // On the clips it has learned from, the ridge classifier does far better than one guess in nine.
            Assert.True(BaselineScores.Measure(train, train).DifferenceRidge > 0.5);
            Assert.Equal(1.0 / 9, BaselineScores.Measure(train, test).MajorityClass, 1e-12);
            foreach (var clip in test)
            {
                File.WriteAllText(clip.VideoPath, "not a video");
            }

            Assert.Equal(0, BaselineScores.Measure(train, test).DifferenceRidge);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
