namespace ActionRecognition.Evaluation;

/// <summary>What a few labels are worth with and without pretraining: the same network, the same finetuning, the same held-back clips.</summary>
/// <param name="PerClass">Labelled clips of a class, at most.</param>
/// <param name="Labelled">Labelled clips in all.</param>
/// <param name="With">Accuracy from pretrained weights.</param>
/// <param name="Without">Accuracy from nothing.</param>
/// <param name="RecallWith">Recall of every class from pretrained weights.</param>
/// <param name="RecallWithout">Recall of every class from nothing.</param>
internal sealed record FewLabels(int PerClass, int Labelled, double With, double Without, IReadOnlyList<double> RecallWith, IReadOnlyList<double> RecallWithout)
{
    public static IReadOnlyList<string> Columns { get; } = ["class", "found with pretraining", "found without", ""];

    public IEnumerable<IReadOnlyList<string>> Rows(IReadOnlyList<string> classes) =>
        classes.Select((name, i) => (IReadOnlyList<string>)[name, $"{RecallWith[i]:0.00}", $"{RecallWithout[i]:0.00}", ""]);

    /// <summary>The first so many clips of every class, in the order of the list.</summary>
    public static ListedClip[] Take(IEnumerable<ListedClip> clips, int perClass) => [.. clips.GroupBy(clip => clip.Label).SelectMany(group => group.Take(perClass))];
}
