namespace Mofo.ML.Cli.Running;

/// <summary>What the program answers to the shell.</summary>
internal static class ExitCodes
{
    /// <summary>Done.</summary>
    public const int Ok = 0;

    /// <summary>The work failed, or found something wrong: videos that cannot be read, a machine without something required.</summary>
    public const int Failed = 1;

    /// <summary>The command line or a configuration file cannot be understood; nothing was done.</summary>
    public const int Usage = 2;

    /// <summary>Stopped by Ctrl+C or SIGTERM (128 + SIGINT, as shells have it).</summary>
    public const int Cancelled = 130;
}
