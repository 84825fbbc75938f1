using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms.MlNetBridge;

/// <summary>What a stage asks of its MLContext: log lines, progress, the seed, the device wish.</summary>
internal sealed class StageHost
{
    /// <summary>What the log of an MLContext says of files.</summary>
    private static readonly ConditionalWeakTable<IHostEnvironment, SaidOnce> Told = [];

    private readonly IHost _host;

    private readonly Action<string>? _warning;

    /// <param name="environment">The MLContext, or a host of it.</param>
    /// <param name="name">Who speaks in the log.</param>
    /// <param name="warning">Receives the warnings of the log; null for none.</param>
    public StageHost(IHostEnvironment environment, string name, Action<string>? warning = null)
    {
        _host = environment.Register(name);
        (Name, _warning) = (name, warning);
    }

    public string Name { get; }

    public IHostEnvironment Environment => _host;

    /// <summary>The MLContext's seed; a fixed default where none was given, so that runs repeat unless asked otherwise.</summary>
    public int Seed => ((IHostEnvironmentInternal)_host).Seed ?? 0;

    public int? GpuDeviceId => ((IHostEnvironmentInternal)_host).GpuDeviceId;

    public bool FallbackToCpu => ((IHostEnvironmentInternal)_host).FallbackToCpu;

    /// <summary>The environment of the MLContext itself, whichever host of it this is.</summary>
    private IHostEnvironment Context => _host is HostEnvironmentBase<LocalEnvironment> host ? host.Root : _host;

    public static IHostEnvironment EnvironmentOf(IInternalCatalog catalog) => catalog.Environment;

    public void Info(string message)
    {
        using var channel = _host.Start(Name);
        channel.Info(MessageSensitivity.None, "{0}", message);
    }

    public void Warning(string message)
    {
        using var channel = _host.Start(Name);
        channel.Warning(MessageSensitivity.None, "{0}", message);
        _warning?.Invoke(message);
    }

    /// <summary>Whether this is the first message of this MLContext on this file with this reason. All its stages count as one.</summary>
    public bool IsNews(VideoException error) => IsNews($"{error.File}: {error.Reason}");

    /// <summary>Warns of something unusual in a video, once per MLContext.</summary>
    public void Remark(string message) => Remark(message, Warning);

    /// <summary>Warns of something unusual in a video, once per MLContext.</summary>
    /// <param name="message">File and remark.</param>
    /// <param name="warn">Writes the warning.</param>
    public void Remark(string message, Action<string> warn)
    {
        if (IsNews(message))
        {
            warn(message);
        }
    }

    public IProgressChannel Progress(string name) => _host.StartProgressChannel(name);

    /// <summary>Whether this is the first time that this MLContext logs this remark on a file. All its stages count as one.</summary>
    private bool IsNews(string remark) => Told.GetOrCreateValue(Context).IsNew(remark);
}
