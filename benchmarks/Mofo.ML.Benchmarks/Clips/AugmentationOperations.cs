using System.Diagnostics;
using Mofo.ML.Trainers.Augmentation;
using Mofo.ML.Transforms.Clips;

namespace Mofo.ML.Benchmarks.Clips;

/// <summary>Processor time of each operation on a clip of 16 frames of 426x240.</summary>
internal static class AugmentationOperations
{
    private const int Rounds = 10;

    public static int Run()
    {
        foreach (var operation in RandAugmentOperation.All(true))
        {
            Report(operation.Name, clip => operation.Apply(clip, 7, new Random(1)));
        }

        Report("random resized crop", clip => new RandomResizedCrop(224).Apply(clip, new Random(1)));
        Report("multi-scale crop", clip => new MultiScaleCrop(224).Apply(clip, new Random(1)));
        Report("flip", clip => new HorizontalFlip(1).Apply(clip, new Random(1)));

        var values = new float[ClipTensor.LengthOf(16, 426, 240)];
        Report("tensor (426x240)", clip =>
        {
            ClipTensor.Write(clip, values);
            return clip;
        });
        Report("erasing (224x224)", clip =>
        {
            new RandomErasing(1).Draw(new ClipShape(3, 16, 224, 224), new Random(1))?.Fill(values, new ClipShape(3, 16, 224, 224));
            return clip;
        });
        return 0;
    }

    private static void Report(string name, Func<Clip, Clip> run)
    {
        var (processor, wall) = (TimeSpan.Zero, TimeSpan.Zero);
        for (var round = -2; round < Rounds; round++)
        {
            var clip = new Clip(16, 426, 240);
            new Random(1).NextBytes(clip.Pixels);
            var (before, clock) = (Process.GetCurrentProcess().TotalProcessorTime, Stopwatch.StartNew());
            clip = run(clip);
            if (round >= 0)
            {
                processor += Process.GetCurrentProcess().TotalProcessorTime - before;
                wall += clock.Elapsed;
            }

            clip.Dispose();
        }

        Console.WriteLine($"{name,-20} {processor.TotalMilliseconds / Rounds,7:F2} ms of processor, {wall.TotalMilliseconds / Rounds,7:F2} ms");
    }
}
