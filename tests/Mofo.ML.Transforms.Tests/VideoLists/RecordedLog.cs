using Mofo.ML.Transforms.VideoLists;

namespace Mofo.ML.Transforms.Tests.VideoLists;

/// <summary>Keeps what a reader says.</summary>
internal sealed class RecordedLog
{
    public RecordedLog() => Log = new ListLog(Infos.Add, Warnings.Add);

    public ListLog Log { get; }

    public List<string> Infos { get; } = [];

    public List<string> Warnings { get; } = [];
}
