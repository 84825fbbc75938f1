using System.Globalization;
using Mofo.ML.Trainers;
using Mofo.ML.Trainers.Metrics;

namespace Mofo.ML.Research;

/// <summary>From scores of actions to scores of their verbs and nouns (EPIC-KITCHENS-100): the sum of the probabilities of the actions with that verb.</summary>
/// <remarks>
/// An action is a pair "verb:noun" of class numbers. A classifier trained on the labels that <see cref="ActionOf"/> gives, with
/// <see cref="Actions"/> as its classes, is scored with <see cref="Verbs"/> and <see cref="Nouns"/>; the class names of those are the numbers.
/// </remarks>
public sealed class ActionMarginals
{
    private readonly int[] _verbs;
    private readonly int[] _nouns;

    /// <summary>Knows these actions.</summary>
    /// <param name="actions">Pairs "verb:noun" of class numbers from 0; any order, repetitions allowed.</param>
    /// <exception cref="FormatException">An action is not such a pair.</exception>
    public ActionMarginals(IEnumerable<string> actions)
    {
        ArgumentNullException.ThrowIfNull(actions);

        // Sorted as text ("10:0" before "2:11"), as the original numbers its actions.
        Actions = [.. actions.Distinct().Order(StringComparer.Ordinal)];
        (_verbs, _nouns) = ([.. Actions.Select(action => Part(action, 0))], [.. Actions.Select(action => Part(action, 1))]);
    }

    /// <summary>The actions in the order of a classifier's classes in the original: sorted as text.</summary>
    public IReadOnlyList<string> Actions { get; }

    /// <summary>What absent verbs and nouns score.</summary>
    /// <value>Default <see cref="AbsentClassScore.FirstAction"/>, the official rule.</value>
    public AbsentClassScore Absent { get; init; } = AbsentClassScore.FirstAction;

    /// <summary>Collects the actions of EPIC-KITCHENS-100 annotation files (columns <c>verb_class</c> and <c>noun_class</c>).</summary>
    /// <param name="paths">Usually EPIC_100_train.csv and EPIC_100_validation.csv.</param>
    /// <returns>The actions of all files together.</returns>
    /// <exception cref="FormatException">A file has no such column, or a field is no number; the message names file and line.</exception>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    public static ActionMarginals FromEpicCsv(params IEnumerable<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        return new ActionMarginals(paths.SelectMany(EpicAnnotations.Read).Select(row => ActionOf(row.Verb, row.Noun)));
    }

    /// <summary>The label of an action.</summary>
    /// <param name="verb">Class number from 0.</param>
    /// <param name="noun">Class number from 0.</param>
    /// <returns>"verb:noun".</returns>
    public static string ActionOf(int verb, int noun) => Invariant($"{verb}:{noun}");

    /// <summary>Scores of verbs 0 to the largest known, with the verb of each label.</summary>
    /// <param name="actions">Probabilities of actions; the classes are actions of this object, in any order.</param>
    /// <returns>The same videos with the verbs as classes.</returns>
    /// <exception cref="ArgumentException">A class or label is not a known action.</exception>
    public ScoredVideos Verbs(ScoredVideos actions) => Marginal(actions, _verbs, 0);

    /// <summary>Scores of nouns 0 to the largest known, with the noun of each label.</summary>
    /// <param name="actions">Probabilities of actions; the classes are actions of this object, in any order.</param>
    /// <returns>The same videos with the nouns as classes.</returns>
    /// <exception cref="ArgumentException">A class or label is not a known action.</exception>
    public ScoredVideos Nouns(ScoredVideos actions) => Marginal(actions, _nouns, 1);

    private ScoredVideos Marginal(ScoredVideos actions, int[] partOfAction, int part)
    {
        ArgumentNullException.ThrowIfNull(actions);
        var known = Actions.Index().ToDictionary(pair => pair.Item, pair => pair.Index);
        int[] places = [.. actions.Classes.Select(name => known.TryGetValue(name, out var action) ? action : throw Unknown(name))];
        var first = Array.IndexOf(places, 0);
        var members = Enumerable.Range(0, partOfAction.Max() + 1)
            .Select(k => Enumerable.Range(0, places.Length).Where(i => partOfAction[places[i]] == k).ToArray()).ToArray();
        var rows = actions.Rows.Select(row => new ScoredVideo(
            row.VideoPath, row.Label is null ? null : Part(row.Label, part).ToString(CultureInfo.InvariantCulture), [.. members.Select(own => Score(row, own, first))]));
        return new ScoredVideos([.. members.Select((_, k) => Invariant($"{k}"))], [.. rows]);
    }

    private double Score(ScoredVideo row, int[] own, int first) => row.IsMissing ? double.NaN
        : own.Length > 0 ? own.Sum(k => row.Scores[k])
        : Absent == AbsentClassScore.FirstAction && first >= 0 ? row.Scores[first] : 0;

    private static int Part(string action, int part)
    {
        var numbers = action.Split(':');
        return numbers.Length == 2 && numbers.All(n => int.TryParse(n, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) && value >= 0)
            ? int.Parse(numbers[part], CultureInfo.InvariantCulture)
            : throw new FormatException($"The action is '{action}'; it must be two class numbers, as in 3:12.");
    }

    private static ArgumentException Unknown(string name) => new($"The class '{name}' is not among the known actions.", nameof(name));
}
