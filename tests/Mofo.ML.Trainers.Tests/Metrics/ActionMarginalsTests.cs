using Mofo.ML.Research;

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
        Assert.Contains("line 2: column 'verb_class' is 'x', which is not a class number", Assert.Throws<FormatException>(() => ActionMarginals.FromEpicCsv(folder.Path)).Message);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("verb_class,noun_class\n1,2\n3\n", "line 3: 1 fields where the first line has 2")]
    [InlineData("verb_class,noun_class\n1,2,3\n", "line 2: 3 fields")]
    [InlineData("verb_class,noun_class\n\"1,2\n", "line 2: 1 fields")]
    [InlineData("verb_class,noun_class,noun_class\n1,2,3\n", "'noun_class' found 2 times")]
    [InlineData("verb_class,noun_class\n1,-2\n", "column 'noun_class' is '-2', which is not a class number")]
    public void What_is_wrong_with_a_file_is_said_with_its_name_and_line(string text, string reason)
    {
        using var file = new TemporaryFile();
        File.WriteAllText(file.Path, text);
        var message = Assert.Throws<FormatException>(() => ActionMarginals.FromEpicCsv(file.Path)).Message;
        Assert.Contains(reason, message);
        Assert.Contains(file.Path, message);
    }

    [Fact]
    public void Quoted_fields_may_hold_line_ends_and_blank_lines_are_skipped()
    {
        using var file = new TemporaryFile();
        File.WriteAllText(file.Path, "\ufeffverb_class,all_nouns,noun_class\r\n3,\"['cup',\r\n'bowl, \"\"blue\"\"']\",4\r\n\r\n5,x,6\r\n");
        Assert.Equal(["3:4", "5:6"], ActionMarginals.FromEpicCsv(file.Path).Actions);
    }
}
