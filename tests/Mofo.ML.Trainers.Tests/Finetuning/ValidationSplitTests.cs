using Mofo.ML.Trainers.Finetuning;
using Mofo.ML.Trainers.Training.Feed;
using Mofo.ML.Transforms.Clips;
using Mofo.ML.Transforms.Scoring;

namespace Mofo.ML.Trainers.Tests.Finetuning;

public sealed class ValidationSplitTests
{
    private static readonly TrainingRow[] Rows = [.. Enumerable.Range(0, 41).Select(i => new TrainingRow(new ClipSource($"{i}", default, i), i < 40 ? i % 4 : 4))];

    [Fact]
    public void Every_class_gives_its_share_and_keeps_one_row_to_learn_from()
    {
        var (train, validation) = ValidationSplit.Divide(Rows, 0.3, seed: 1);
        Assert.Equal(41, train.Count + validation.Count);
        Assert.Equal([3, 3, 3, 3], validation.CountBy(row => row.Label).OrderBy(c => c.Key).Select(c => c.Value));
        Assert.Single(train, row => row.Label == 4);
        Assert.Empty(train.Select(Place).Intersect(validation.Select(Place)));
        Assert.Equal(train.Select(Place).Order(), train.Select(Place));
    }

    [Theory]
    [InlineData(0.15)]
    [InlineData(1e-9)]
    public void However_small_the_share_a_class_of_two_gives_one(double share)
    {
        var rows = Enumerable.Range(0, 8).Select(i => new TrainingRow(new ClipSource($"{i}", default, i), i < 5 ? i / 2 : 3)).ToArray(); // 2, 2, 1, 3 rows
        Assert.Equal([0, 1, 3], ValidationSplit.Divide(rows, share, seed: 1).Validation.Select(row => row.Label));
    }

    [Fact]
    public void The_seed_decides_which()
    {
        var one = ValidationSplit.Divide(Rows, 0.3, 1).Validation.Select(Place);
        Assert.Equal(one, ValidationSplit.Divide(Rows, 0.3, 1).Validation.Select(Place));
        Assert.NotEqual(one, ValidationSplit.Divide(Rows, 0.3, 2).Validation.Select(Place));
        Assert.Empty(ValidationSplit.Divide(Rows, 0, 1).Validation);
    }

    [Fact]
    public void Missing_videos_count_as_wrong_and_have_no_part_in_the_loss()
    {
        var figures = ValidationFigures.Of([(ScoredRow.Of([0.25f, 0.75f], 2), 1), (ScoredRow.Of([0.5f, 0.5f], 2), 1), (ScoredRow.Of(null, 2), 0)]);
        Assert.Equal(1 / 3.0, figures.Accuracy, 1e-12);
        Assert.Equal((-Math.Log(0.75) - Math.Log(0.5)) / 2, figures.Loss, 1e-6);
        Assert.True(double.IsNaN(ValidationFigures.Of([(ScoredRow.Of(null, 2), 0)]).Loss));
        Assert.True(double.IsFinite(ValidationFigures.Of([(ScoredRow.Of([1, 0], 2), 1)]).Loss));
    }

    private static long Place(TrainingRow row) => row.Source.Row!.Value;
}
