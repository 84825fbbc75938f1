// What the tests start under mpirun: every rank runs this program with the same arguments.
using Mofo.ML.Distributed;
using Mofo.ML.MpiUser;
using Mofo.ML.Trainers;

var settings = Settings.Parse(args[1..]);
using var world = MpiWorld.Join(new MpiOptions { GradientPrecision = settings.Flag("bfloat16") ? Precision.BFloat16 : Precision.Float32 });
Console.WriteLine($"rank {world.Rank} of {world.Size} is process {Environment.ProcessId}");
switch (args[0])
{
    case "train":
        SharedTraining.Run(world, settings);
        return 0;
    case "leave" when world.Rank == int.Parse(settings["rank"]):
        Console.Error.WriteLine("This rank has nothing more to do.");
        return 3; // the others wait for it
    case "leave":
        SharedTraining.Run(world, settings);
        return 0;
    default:
        Console.Error.WriteLine("Usage: MpiUser train|leave NAME=VALUE...");
        return 2;
}
