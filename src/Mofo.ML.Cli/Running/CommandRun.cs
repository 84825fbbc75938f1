using System.CommandLine;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using Mofo.ML.Cli.Options;
using Mofo.ML.Cli.Output;
using Mofo.ML.Distributed;

namespace Mofo.ML.Cli.Running;

/// <summary>One call of a command: what was given, where to speak, when to stop.</summary>
/// <param name="parsed">The command line.</param>
/// <param name="terminal">Where to speak.</param>
/// <param name="cancel">Stops the work.</param>
/// <param name="world">The processes that run this command together, which may be this one alone; null, which means the same, where the caller has joined none.</param>
internal sealed class CommandRun(ParseResult parsed, Terminal terminal, CancellationToken cancel, MpiWorld? world = null)
{
    /// <summary>The processes that train together, which may be this one alone; null where the caller has joined none.</summary>
    public MpiWorld? World => world;

    /// <summary>Whether this process writes the files of the run.</summary>
    public bool IsFirst => world?.IsFirst ?? true;

    public ParseResult Parsed => parsed;

    public Terminal Terminal => terminal;

    public CancellationToken Cancel => cancel;

    public T? Value<T>(Option<T> option) => parsed.GetValue(option);

    public T Value<T>(Argument<T> argument) => parsed.GetRequiredValue(argument);

    /// <summary>Whether an option that is on by default is on: anywhere but where it is given as false.</summary>
    public bool IsOn(Option<bool?> option) => !string.Equals(GivenText.Of(parsed, option), "false", StringComparison.OrdinalIgnoreCase);

    /// <summary>A context whose warnings come to the terminal.</summary>
    public MLContext NewContext(int? seed = null, int? gpu = null)
    {
        var ml = new MLContext(seed) { GpuDeviceId = gpu, FallbackToCpu = false };
        ml.Log += (_, message) =>
        {
            if (message.Kind >= ChannelMessageKind.Warning)
            {
                terminal.Warn(message.RawMessage.TrimEnd());
            }
        };
        return ml;
    }

    /// <summary>Applies a model; where several processes run, each works on a part of the rows, and all get the result.</summary>
    public IDataView Apply(ITransformer model, IDataView rows) => world is null ? model.Transform(rows) : world.Transform(model, rows);

    /// <summary>Does work with its progress in view.</summary>
    public T Watch<T>(Func<ProgressBoard, T> work) => ProgressBoard.Watch(terminal.Human, work);
}
