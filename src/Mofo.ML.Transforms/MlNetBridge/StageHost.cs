using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Mofo.ML.Transforms.MlNetBridge;

/// <summary>What a stage asks of its MLContext: log lines, progress, the seed, the device wish.</summary>
internal sealed class StageHost
{
    private readonly IHost _host;

    public StageHost(IHostEnvironment environment, string name)
    {
        _host = environment.Register(name);
        Name = name;
    }

    public string Name { get; }

    public IHostEnvironment Environment => _host;

    /// <summary>The MLContext's seed; a fixed default where none was given, so that runs repeat unless asked otherwise.</summary>
    public int Seed => ((IHostEnvironmentInternal)_host).Seed ?? 0;

    public int? GpuDeviceId => ((IHostEnvironmentInternal)_host).GpuDeviceId;

    public bool FallbackToCpu => ((IHostEnvironmentInternal)_host).FallbackToCpu;

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
    }

    public IProgressChannel Progress(string name) => _host.StartProgressChannel(name);
}
