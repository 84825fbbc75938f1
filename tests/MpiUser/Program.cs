// What the tests start under mpirun: every rank runs this program with the same arguments. "--" separates several jobs, which run one after the other.
using Mofo.ML.Distributed;
using Mofo.ML.MpiUser;
using Mofo.ML.Trainers;

var jobs = Settings.Jobs(args);
var options = new MpiOptions { GradientPrecision = jobs[0].Flag("bfloat16") ? Precision.BFloat16 : Precision.Float32 };
options.GradientBucketBytes = jobs[0].Number("bucket", options.GradientBucketBytes);
using var world = MpiWorld.Join(options);
Console.WriteLine($"rank {world.Rank} of {world.Size} is process {Environment.ProcessId}");
foreach (var job in jobs)
{
    switch (job.Name)
    {
        case "train":
            SharedTraining.Run(world, job);
            break;
        case "rows":
            SharedList.Run(world, job);
            break;
        case "exchange":
            Console.WriteLine($"exchanged in {world.MeasureExchange(job.Number("gradients", 1_000_000)).TotalSeconds} s");
            break;
        case "leave":
            // The others wait for a rank that has nothing more to do.
            if (world.Rank == job.Number("rank", 0))
            {
                return 3;
            }

            break;
        default:
            Console.Error.WriteLine("Usage: MpiUser train|rows|exchange|leave NAME=VALUE... [-- ...]");
            return 2;
    }
}

return 0;
