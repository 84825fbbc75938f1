using System.CommandLine;
using Mofo.ML.Cli.Running;

namespace Mofo.ML.Cli.Commands;

/// <summary>Prints the script with which a shell completes commands, options and their values.</summary>
internal static class CompletionCommand
{
    public static CommandShape New()
    {
        var shell = new Argument<string>("shell") { Description = "The shell." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "pwsh");
        return CommandShape.Of(
            "completion", "Print the script that makes a shell complete commands and options, e.g.: eval \"$(mofo completion bash)\"", [shell], run =>
            {
                var script = ScriptOf(run.Value(shell));
                run.Terminal.Result(new { script });
                if (!run.Terminal.IsJson)
                {
                    run.Parsed.InvocationConfiguration.Output.Write(script);
                }

                return ExitCodes.Ok;
            });
    }

    /// <summary>Each script hands the line and the place of the cursor to the suggest directive of the program.</summary>
    private static string ScriptOf(string shell) => shell switch
    {
        "bash" => """
            _mofo_complete() {
              local IFS=$'\n'
              COMPREPLY=($(compgen -W "$(mofo "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
            }
            complete -o default -F _mofo_complete mofo

            """,
        "zsh" => """
            _mofo_complete() {
              local words_found=("${(@f)$(mofo "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
              compadd -a words_found
              _files
            }
            compdef _mofo_complete mofo

            """,
        _ => """
            Register-ArgumentCompleter -Native -CommandName mofo -ScriptBlock {
              param($wordToComplete, $commandAst, $cursorPosition)
              mofo "[suggest:$cursorPosition]" "$commandAst" | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
              }
            }

            """,
    };
}
