using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Mofo.ML.Trainers.Model.Layers;
using Mofo.ML.Trainers.Training.Checkpoints;
using Mofo.ML.Trainers.Training.Feed;
using Mofo.ML.Trainers.Training.Loop;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.Files;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Training.World;

/// <summary>How several processes begin one run: all are the same, and all stand where the first one's checkpoint stands.</summary>
internal static class SharedRun
{
    /// <summary>Files whose length is compared: enough to notice another copy of the data, few enough for a slow network disk.</summary>
    private const int FilesCompared = 1024;

    /// <summary>Makes sure that all processes have the same options, data and weights, and enough clips for each.</summary>
    /// <exception cref="RankFailedException">They differ; the message names rank, machine and every difference.</exception>
    public static void RequireSame(TrainingWorld world, TrainingPlan plan, ImmutableSortedDictionary<string, string>? identity, IReadOnlyList<TrainingRow> rows)
    {
        if (world.Size == 1)
        {
            return;
        }

        var own = world.Together(() => identity!.Add("Files", Files(rows)));
        var all = world.Gather(JsonSerializer.Serialize(own)).Select(text => JsonSerializer.Deserialize<SortedDictionary<string, string>>(text)!).ToList();
        var differing = all.FindIndex(other => Differences(all[0], other).Any());
        world.Together(() =>
        {
            if (differing >= 0)
            {
                throw new RankFailedException(
                    differing, world.HostOf(differing), $"it is not the same training as rank 0 on {world.HostOf(0)}: {string.Join("; ", Differences(all[0], all[differing]))}. Give all processes the same program, options and data.");
            }

            if ((plan.VideosPerBatch + 1) / 2 < world.Size)
            {
                throw new MofoOptionsException(nameof(MofoTrainingOptions), [Invariant(
                    $"A batch has {plan.VideosPerBatch} videos, too few for {world.Size} processes, which take them in pairs. Raise BatchSize to {2 * world.Size * plan.ClipsPerVideo} or more (it counts the clips of all processes together), or start fewer processes.")]);
            }
        });
    }

    /// <summary>Gives all ranks the state of rank 0.</summary>
    /// <param name="world">The processes.</param>
    /// <param name="parts">What a checkpoint keeps, the same parts on all ranks.</param>
    /// <param name="position">Where rank 0 stands; what other ranks give is not looked at.</param>
    public static RunPosition FromFirst(TrainingWorld world, IReadOnlyList<ITrainingPart> parts, RunPosition position)
    {
        if (world.Size == 1)
        {
            return position;
        }

        position = world.BroadcastJson(position);
        if (position == RunPosition.Start)
        {
            return position;
        }

        foreach (var part in parts)
        {
            var numbers = world.BroadcastJson(part.Numbers.ToDictionary(number => number.Name, number => number.Value));
            if (!world.IsFirst)
            {
                part.Resume(numbers);
            }

            foreach (var (_, tensor) in part.Tensors.OrderBy(tensor => tensor.Name, StringComparer.Ordinal))
            {
                Broadcast(world, tensor);
            }
        }

        return position;
    }

    private static void Broadcast(TrainingWorld world, Tensor tensor)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var memory = tensor.detach().cpu().contiguous();
        world.Broadcast(TensorMemory.Bytes(memory));
        if (!world.IsFirst)
        {
            _ = tensor.copy_(memory);
        }
    }

    private static IEnumerable<string> Differences(IReadOnlyDictionary<string, string> first, IReadOnlyDictionary<string, string> other) =>
        from name in first.Keys.Union(other.Keys)
        let there = first.GetValueOrDefault(name) ?? "absent"
        let here = other.GetValueOrDefault(name) ?? "absent"
        where there != here
        select $"{name} is {here} in place of {there}";

    /// <summary>A hash of the lengths of up to <see cref="FilesCompared"/> files, spread over the rows. Files that are not there are no difference: they are bad videos.</summary>
    private static string Files(IReadOnlyList<TrainingRow> rows)
    {
        var count = Math.Min(rows.Count, FilesCompared);
        var lengths = Enumerable.Range(0, count)
            .Select(i => new FileInfo(LinkedPath.Target(VideoSegment.Of(rows[(int)((long)i * rows.Count / count)].Source.VideoPath).VideoPath)))
            .Select(file => file.Exists ? file.Length : -1).ToArray();
        return Invariant($"lengths of {count} files {Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<long>(lengths)))[..16]}");
    }
}
