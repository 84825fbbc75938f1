using FsCheck.Xunit;
using Mofo.ML.Trainers.Model.Layers;
using Mofo.ML.Trainers.Training.World;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Tests.Training;

public sealed class BatchShareTests
{
    [Property(MaxTest = 300)]
    public void Ranks_share_a_batch_without_rest_and_keep_mixing_partners_together(ushort total, byte ranks)
    {
        var (clips, size) = (total % 700, 1 + (ranks % 70));
        var shares = Enumerable.Range(0, size).Select(rank => BatchShare.Of(clips, rank, size)).ToList();
        Assert.Equal(Enumerable.Range(0, clips), shares.SelectMany(share => share.Places).Order());
        foreach (var places in shares.Select(share => share.Places))
        {
            // Mixup joins the first clip of what it gets with the last, the second with the one before: here as in the whole batch.
            Assert.All(places.Zip(places.Reverse()), pair => Assert.Equal(clips - 1, pair.First + pair.Second));
            Assert.Equal(places.Order(), places);
        }

        Assert.InRange(shares.Max(share => share.Places.Count) - shares.Min(share => share.Places.Count), 0, 3);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Clips_of_one_video_stay_together(int clipsPerVideo)
    {
        var share = BatchShare.Of(5, 1, 2).Times(clipsPerVideo);
        Assert.Equal(5 * clipsPerVideo, share.Total);
        Assert.Equal(new[] { 1, 2, 3 }.SelectMany(video => Enumerable.Range(video * clipsPerVideo, clipsPerVideo)), share.Places);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Ranks_together_drop_what_one_process_drops(int size)
    {
        using var scope = NewDisposeScope();
        var whole = Dropped(7, null);
        for (var rank = 0; rank < size; rank++)
        {
            var share = BatchShare.Of(7, rank, size);
            var own = Dropped(share.Places.Count, share);
            Assert.Equal(share.Places.Select(place => whole[place]), own);
        }
    }

    /// <summary>Two draws, one after the other, as two layers make them; per clip the values that stayed.</summary>
    private static string[] Dropped(int clips, BatchShare? share)
    {
        var drop = new RandomDrop(0.5) { Random = new Random(4), Share = share };
        var first = drop.AddSamples(zeros(clips, 2, 3), ones(clips, 2, 3), training: true);
        var second = drop.OfValues(ones(clips, 6), training: true);
        return [.. Enumerable.Range(0, clips).Select(clip => string.Join(' ', cat([first[clip].flatten(), second[clip]]).data<float>().ToArray()))];
    }
}
