using Mofo.ML.Cli.Running;

using var signals = new StopSignals();
return MofoProgram.Run(args, Console.Out, Console.Error, signals.Token);
