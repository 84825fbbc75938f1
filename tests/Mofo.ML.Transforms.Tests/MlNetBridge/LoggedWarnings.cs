using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace Mofo.ML.Transforms.Tests.MlNetBridge;

/// <summary>The warnings that an MLContext logs.</summary>
internal sealed class LoggedWarnings
{
    private readonly Lock _lock = new();
    private readonly List<string> _all = [];

    public LoggedWarnings(MLContext context) => context.Log += (_, e) =>
    {
        if (e.Kind == ChannelMessageKind.Warning)
        {
            lock (_lock)
            {
                _all.Add(e.RawMessage);
            }
        }
    };

    /// <summary>What was said since the last time, in order.</summary>
    public IReadOnlyList<string> Take()
    {
        lock (_lock)
        {
            List<string> taken = [.. _all];
            _all.Clear();
            return taken;
        }
    }
}
