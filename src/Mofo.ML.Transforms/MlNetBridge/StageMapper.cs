using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Mofo.ML.Transforms.MlNetBridge;

/// <summary>Row by row: what a prediction engine uses.</summary>
internal sealed class StageMapper<TResult>(ITransformer owner, VideoStage<TResult> stage, DataViewSchema input) : IRowMapper
{
    private readonly IReadOnlyList<OutputColumn<TResult>> _outputs = stage.Outputs(input);

    public DataViewSchema.DetachedColumn[] GetOutputColumns() => [.. _outputs.Select(o => o.Column)];

    public Func<int, bool> GetDependencies(Func<int, bool> activeOutput) =>
        Enumerable.Range(0, _outputs.Count).Any(activeOutput) ? column => stage.Inputs.Reads(input[column], input) : _ => false;

    public Delegate[] CreateGetters(DataViewRow row, Func<int, bool> activeOutput, out Action disposer)
    {
        disposer = () => { };
        var getters = new Delegate[_outputs.Count];
        if (!Enumerable.Range(0, _outputs.Count).Any(activeOutput))
        {
            return getters;
        }

        var count = new VideoCount();
        disposer = () => Report(count);
        var current = OncePerRow(count, stage.Inputs.Reader(row));
        for (var i = 0; i < getters.Length; i++)
        {
            if (activeOutput(i))
            {
                getters[i] = _outputs[i].Getter(current);
            }
        }

        return getters;
    }

    public ITransformer GetTransformer() => owner;

    void ICanSaveModel.Save(ModelSaveContext ctx) => owner.Save(ctx);

    private void Report(VideoCount count)
    {
        using var pass = stage.StartPass(count);
        pass.Report();
    }

    private Func<TResult> OncePerRow(VideoCount count, Func<VideoRow> read)
    {
        // A prediction engine sets a new value at the same position, so a result is kept only while its input is the same.
        var known = default(VideoRow?);
        var result = default(TResult)!;
        return () =>
        {
            using var pass = stage.StartPass(count);
            var now = pass.Reading(read);
            if (known is not { } before || before.Path != now.Path || before.Row != now.Row || !before.Boxes.AsSpan().SequenceEqual(now.Boxes))
            {
                result = stage.Compute([now], pass).Single();
                known = now;
            }

            return result;
        };
    }
}
