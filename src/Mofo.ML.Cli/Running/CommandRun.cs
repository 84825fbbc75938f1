using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using Mofo.ML.Cli.Options;
using Mofo.ML.Cli.Output;
using Mofo.ML.Distributed;
using Mofo.ML.Trainers;

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

    /// <summary>Whether several processes run the command.</summary>
    public bool IsShared => world is { Size: > 1 };

    /// <summary>Applies a model; where several processes run, each works on a part of the rows, and all get the result.</summary>
    /// <param name="model">The same on every process.</param>
    /// <param name="rows">Likewise.</param>
    /// <param name="given">Told the number of each row that this process works on, where several run.</param>
    public IDataView Apply(ITransformer model, IDataView rows, Action<long>? given = null)
    {
        if (world is not { Size: > 1 })
        {
            return model.Transform(rows);
        }

        var result = world.Transform(model, rows, given ?? (_ => { }));
        TellWarnings(world);
        return result;
    }

    /// <summary>Computes something for each of a number of items; where several processes run, each takes whichever item comes next, and all get all results in order.</summary>
    /// <param name="count">Items, the same on every process.</param>
    /// <param name="work">From the number of an item to its result.</param>
    /// <param name="write">Writes a result, so that it can travel.</param>
    /// <param name="read">Reads it.</param>
    public IReadOnlyList<T> Share<T>(int count, Func<int, T> work, Action<BinaryWriter, T> write, Func<BinaryReader, T> read)
    {
        if (world is not { Size: > 1 })
        {
            return [.. Enumerable.Range(0, count).Select(work)];
        }

        var results = world.Share(count, item =>
        {
            using var memory = new MemoryStream();
            using var writer = new BinaryWriter(memory);
            write(writer, work(item));
            writer.Flush();
            return memory.ToArray();
        });
        TellWarnings(world);
        return [.. results.Select(bytes =>
        {
            using var reader = new BinaryReader(new MemoryStream(bytes));
            return read(reader);
        })];
    }

    /// <summary>Makes sure that all processes work on the same: files on other machines may be other copies.</summary>
    /// <param name="what">What it is, in words.</param>
    /// <param name="parts">What must be the same.</param>
    /// <exception cref="RankFailedException">It differs on one of them.</exception>
    public void RequireSame(string what, IEnumerable<string> parts)
    {
        if (world is not { Size: > 1 })
        {
            return;
        }

        var digests = world.Gather(Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts)))));
        var differing = digests.Index().FirstOrDefault(digest => digest.Item != digests[0]).Index;
        world.Together(() =>
        {
            if (differing > 0)
            {
                throw new RankFailedException(differing, world.HostOf(differing), $"its {what} is not that of rank 0 on {world.HostOf(0)}. Give all processes the same files.");
            }
        });
    }

    /// <summary>What the other processes had to warn of; the first one alone speaks.</summary>
    private void TellWarnings(MpiWorld shared)
    {
        foreach (var warnings in shared.Gather(JsonSerializer.Serialize(terminal.Warnings)))
        {
            Array.ForEach(JsonSerializer.Deserialize<string[]>(warnings)!, terminal.Warn);
        }
    }

    /// <summary>Does work with its progress in view.</summary>
    public T Watch<T>(Func<ProgressBoard, T> work) => ProgressBoard.Watch(terminal.Human, work);
}
