namespace Mofo.ML.Trainers.Finetuning;

/// <summary>Between which losses a batch of soft targets lies: what a classifier reaches that does not look at the clips, and the least that is possible.</summary>
/// <remarks>Such a classifier gives every clip the shares of the classes. The shares are those of all targets so far, which begin as equal, one clip for each class.</remarks>
internal sealed class TargetLevels(int classes)
{
    private readonly double[] _sums = [.. Enumerable.Repeat(1.0, classes)];
    private double _total = classes;

    /// <summary>Takes one more batch and returns its levels.</summary>
    /// <param name="targets">Soft targets [B, classes], each row adding up to the clip's weight.</param>
    /// <returns>Cross entropy against the shares, and against each clip's own target; means over the batch.</returns>
    public (double Baseline, double Floor) Of(ReadOnlySpan<float> targets)
    {
        for (var i = 0; i < targets.Length; i++)
        {
            _sums[i % classes] += targets[i];
            _total += targets[i];
        }

        var logShares = Array.ConvertAll(_sums, sum => Math.Log(sum / _total));
        double baseline = 0, floor = 0;
        for (var start = 0; start < targets.Length; start += classes)
        {
            var clip = targets.Slice(start, classes);
            double weight = 0;
            foreach (var value in clip)
            {
                weight += value;
            }

            for (var k = 0; k < classes; k++)
            {
                baseline -= clip[k] * logShares[k];
                floor -= clip[k] > 0 ? clip[k] * Math.Log(clip[k] / weight) : 0;
            }
        }

        var clips = targets.Length / classes;
        return (baseline / clips, floor / clips);
    }
}
