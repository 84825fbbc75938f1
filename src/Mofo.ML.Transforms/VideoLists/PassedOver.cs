namespace Mofo.ML.Transforms.VideoLists;

/// <summary>What a reader did not take, collected so that one line of the log counts and names it.</summary>
/// <param name="what">Begins the sentence, in the plural: "files whose names do not end as those of videos do".</param>
internal sealed class PassedOver(string what)
{
    // Enough to recognise a pattern; a folder may hold a million files.
    private const int MostNames = 5;

    private readonly List<string> _names = [];
    private int _count;

    /// <summary>Files in a folder of videos that are none by their names.</summary>
    public static PassedOver OtherFiles() => new("files whose names do not end as those of videos do (name them in a list to have them read)");

    /// <summary>What a leading dot hides.</summary>
    public static PassedOver HiddenEntries() => new("hidden files and folders");

    public void Add(string name)
    {
        _count++;
        if (_names.Count < MostNames)
        {
            _names.Add(name);
        }
    }

    /// <summary>Says it, unless there is nothing to say.</summary>
    /// <param name="source">Where it was found, as in "Video folder 'x'".</param>
    /// <param name="say">The log.</param>
    public void Report(string source, Action<string> say)
    {
        if (_count > 0)
        {
            var rest = _count > _names.Count ? Invariant($" and {_count - _names.Count} more") : "";
            say(Invariant($"{source}: passed over {_count} {what}: {string.Join(", ", _names)}{rest}."));
        }
    }
}
