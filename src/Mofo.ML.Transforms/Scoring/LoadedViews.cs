namespace Mofo.ML.Transforms.Scoring;

/// <summary>The test views of one video; none for one that cannot be read.</summary>
internal sealed record LoadedViews(IReadOnlyList<ViewClip> Views) : IDisposable
{
    public void Dispose()
    {
        foreach (var view in Views)
        {
            view.Dispose();
        }
    }
}
