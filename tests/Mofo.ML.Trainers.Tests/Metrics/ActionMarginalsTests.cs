namespace Mofo.ML.Trainers.Tests.Metrics;

public sealed class ActionMarginalsTests
{
    private static readonly ActionMarginals Marginals = new(["2:0", "0:1", "0:0", "0:1"]);

    [Fact]
    public void Absent_verbs_take_the_first_actions_probability_or_nothing()
    {
        // Classes in another order than the actions: 2:0, 0:0, 0:1.
        var actions = new ScoredVideos(["2:0", "0:0", "0:1"], [new("a", "0:1", [0.5, 0.2, 0.3])]);
        Assert.Equal([0.5, 0.2, 0.5], Marginals.Verbs(actions).Rows[0].Scores);
        Assert.Equal([0.7, 0.3], Marginals.Nouns(actions).Rows[0].Scores);
        var zero = new ActionMarginals(Marginals.Actions) { Absent = AbsentClassScore.Zero };
        Assert.Equal([0.5, 0, 0.5], zero.Verbs(actions).Rows[0].Scores);
        Assert.Equal(("0", "1"), (zero.Verbs(actions).Rows[0].Label, zero.Nouns(actions).Rows[0].Label));
    }

    [Fact]
    public void Missing_videos_stay_missing()
    {
        var actions = new ScoredVideos(Marginals.Actions, [new("a", null, [double.NaN, double.NaN, double.NaN])]);
        Assert.True(Marginals.Verbs(actions).Rows[0].IsMissing);
        Assert.Null(Marginals.Verbs(actions).Rows[0].Label);
    }

    [Fact]
    public void What_is_not_an_action_is_named()
    {
        Assert.Contains("'open door'", Assert.Throws<FormatException>(() => new ActionMarginals(["open door"])).Message);
        Assert.Contains("'9:9'", Assert.Throws<ArgumentException>(() => Marginals.Verbs(new ScoredVideos(["9:9"], []))).Message);
    }

    [Fact]
    public void A_file_without_the_column_is_named_and_quoted_commas_are_no_fields()
    {
        using var folder = new TemporaryFile();
        File.WriteAllText(folder.Path, "narration,verb_class,noun_class\n\"take cup, blue\",3,4\n");
        Assert.Equal(["3:4"], ActionMarginals.FromEpicCsv(folder.Path).Actions);
        File.WriteAllText(folder.Path, "narration,verb_class\nx,3\n");
        Assert.Contains("no column 'noun_class'", Assert.Throws<FormatException>(() => ActionMarginals.FromEpicCsv(folder.Path)).Message);
        File.WriteAllText(folder.Path, "verb_class,noun_class\nx,3\n");
        Assert.Contains("record 2", Assert.Throws<FormatException>(() => ActionMarginals.FromEpicCsv(folder.Path)).Message);
    }
}
