using System.CommandLine;
using Mofo.ML.Cli.Running;

namespace Mofo.ML.Cli.Commands;

/// <summary>A command and what it does.</summary>
/// <param name="Command">Name, help, arguments and options.</param>
/// <param name="Run">The work; gives the exit code.</param>
internal sealed record CommandShape(Command Command, Func<CommandRun, int> Run)
{
    /// <summary>A command with arguments and options in the order in which its help lists them.</summary>
    public static CommandShape Of(string name, string description, IEnumerable<Symbol> symbols, Func<CommandRun, int> run)
    {
        var command = new Command(name, description);
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument)
            {
                command.Add(argument);
            }
            else if (!command.Options.Contains((Option)symbol))
            {
                command.Add((Option)symbol);
            }
        }

        return new CommandShape(command, run);
    }
}
