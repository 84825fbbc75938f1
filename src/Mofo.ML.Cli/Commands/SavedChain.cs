using Microsoft.ML;
using Microsoft.ML.Data;
using Mofo.ML.Cli.Options;
using Mofo.ML.Cli.Running;
using Mofo.ML.Trainers;
using Mofo.ML.Transforms;

namespace Mofo.ML.Cli.Commands;

/// <summary>The stages of a saved pipeline.</summary>
internal sealed class SavedChain : IDisposable
{
    private readonly ITransformer _model;
    private readonly string _path;
    private readonly List<ITransformer> _stages;

    private SavedChain(ITransformer model, string path) => (_model, _path, _stages) = (model, path, [.. Flat(model)]);

    /// <exception cref="UsageException">There is no such pipeline.</exception>
    public static SavedChain Load(CommandRun run, MLContext ml, string path)
    {
        if (!File.Exists(path) || !MofoWeights.IsSavedModel(path))
        {
            throw new UsageException($"'{path}' is no pipeline that mofo pretrain or mofo finetune saved.");
        }

        var model = ml.Model.Load(path, out _);
        ml.Model.SetMofoRunOptions(model, new MofoRunOptions { CancellationToken = run.Cancel });
        return new SavedChain(model, path);
    }

    /// <summary>The last stage of a kind.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public T Stage<T>(string kind)
        where T : class, ITransformer => _stages.OfType<T>().LastOrDefault() ?? throw new UsageException($"{_path} holds no {kind}.");

    /// <summary>The boxes that the pipeline's own detector finds, video by video; none where it has no detector.</summary>
    public IEnumerable<(string VideoPath, float[] Boxes)> Boxes(IDataView videos)
    {
        var detector = _stages.OfType<MotionDetectionTransformer>().FirstOrDefault();
        var boxed = detector?.Transform(videos) ?? videos;
        using var cursor = boxed.GetRowCursor(boxed.Schema.Where(column => column.Name is "VideoPath" or "MotionBoxes"));
        var path = cursor.GetGetter<ReadOnlyMemory<char>>(boxed.Schema["VideoPath"]);
        var boxes = detector is null ? null : cursor.GetGetter<VBuffer<float>>(boxed.Schema["MotionBoxes"]);
        var (text, values) = (default(ReadOnlyMemory<char>), default(VBuffer<float>));
        while (cursor.MoveNext())
        {
            path(ref text);
            boxes?.Invoke(ref values);
            yield return (text.ToString(), [.. values.DenseValues()]);
        }
    }

    public void Dispose() => (_model as IDisposable)?.Dispose();

    /// <summary>The stages of a pipeline, those of pipelines within it too.</summary>
    public static IEnumerable<ITransformer> Flat(ITransformer model) => model is IEnumerable<ITransformer> chain ? chain.SelectMany(Flat) : [model];
}
