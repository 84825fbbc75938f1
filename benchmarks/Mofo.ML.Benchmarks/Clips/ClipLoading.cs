using System.Diagnostics;
using Mofo.ML.Trainers.Augmentation;
using Mofo.ML.Transforms.Clips;
using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Benchmarks.Clips;

/// <summary>What augmentation costs beside decoding: processor time per clip of raw decoding, pretraining clips and finetuning clips, interleaved.</summary>
internal static class ClipLoading
{
    private const int Size = 224;
    private const int Frames = 16;
    private const int Rounds = 5;

    private static readonly float[] Values = new float[ClipTensor.LengthOf(Frames, Size, Size)];

    public static int Run(string folder)
    {
        var files = Directory.GetFiles(folder, "*.mp4", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Take(40).ToArray();
        var pretraining = new MultiScaleCrop(Size);
        var finetuning = new ClipSteps(new RandAugment(RandAugmentPolicy.Default), new RandomResizedCrop(Size), new HorizontalFlip());
        var erasing = new RandomErasing();
        var shape = new ClipShape(3, Frames, Size, Size);
        var reader = new ClipReader();
        (string Name, Action<string, Random> Load)[] ways =
        [
            ("decode only", (file, random) => Decode(file, random)),
            ("clip read", (file, random) => Read(reader, file, random).Dispose()),
            ("pretraining", (file, random) => Finish(pretraining.Apply(Read(reader, file, random), random))),
            ("finetuning", (file, random) =>
            {
                Finish(finetuning.Apply(Read(reader, file, random), random));
                erasing.Draw(shape, random)?.Fill(Values, shape);
            }),
        ];

        var cost = new TimeSpan[ways.Length];
        for (var round = -1; round < Rounds; round++)
        {
            for (var way = 0; way < ways.Length; way++)
            {
                var from = Process.GetCurrentProcess().TotalProcessorTime;
                for (var i = 0; i < files.Length; i++)
                {
                    ways[way].Load(files[i], new Random((round * 1000) + i));
                }

                cost[way] += round < 0 ? TimeSpan.Zero : Process.GetCurrentProcess().TotalProcessorTime - from;
            }
        }

        for (var way = 0; way < ways.Length; way++)
        {
            var perClip = cost[way].TotalMilliseconds / (Rounds * files.Length);
            Console.WriteLine($"{ways[way].Name,-12} {perClip,7:F1} ms of processor per clip, {1000 / perClip,6:F1} clips/s per core, {cost[0] / cost[way],5:P0} of decoding alone");
        }

        return 0;
    }

    private static void Decode(string file, Random random)
    {
        using var video = FrameReader.Open(file);
        video.ReadAt(FrameSampling.Pretraining(video.DeclaredFrameCount, Frames, 2, random), frame => frame);
    }

    private static Clip Read(ClipReader reader, string file, Random random) =>
        reader.ReadViews(new(file, default), frames => [FrameSampling.Pretraining(frames, Frames, 2, random)])[0];

    private static void Finish(Clip clip)
    {
        using (clip)
        {
            ClipTensor.Write(clip, Values);
        }
    }
}
