namespace Mofo.ML.Transforms.Video;

/// <summary>Remembers what was said, so that it is said once. Bounded, for services that run for months.</summary>
internal sealed class SaidOnce
{
    /// <summary>Beyond that many texts all are forgotten, and each may be said again.</summary>
    public const int MostRemembered = 100_000;

    private readonly HashSet<string> _said = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <summary>Whether this is the first time that the text is asked for. Called on several threads.</summary>
    public bool IsNew(string text)
    {
        lock (_gate)
        {
            if (_said.Contains(text))
            {
                return false;
            }

            if (_said.Count >= MostRemembered)
            {
                _said.Clear();
            }

            return _said.Add(text);
        }
    }
}
