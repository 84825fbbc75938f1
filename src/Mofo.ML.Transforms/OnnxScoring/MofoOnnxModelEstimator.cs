using Microsoft.ML;
using Microsoft.ML.Runtime;
using Mofo.ML.Transforms.MlNetBridge;
using Mofo.ML.Transforms.OnnxScoring;
using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms;

/// <summary>Scores videos with an exported model on ONNX Runtime, in batches, all test views of a video: no libtorch is needed.</summary>
/// <remarks>
/// There is nothing to learn: fitting checks the schema and loads the model, and videos are scored when the columns are read. It throws <see cref="InvalidDataException"/>
/// where ONNX Runtime cannot load the model, and <see cref="InvalidOperationException"/> where <c>MLContext.GpuDeviceId</c> names a GPU that ONNX Runtime cannot use and
/// <c>FallbackToCpu</c> is false.
/// </remarks>
public sealed class MofoOnnxModelEstimator : MofoEstimator<MofoOnnxModelTransformer>
{
    private readonly OnnxModelFile _model;
    private readonly VideoInputs _inputs;
    private readonly MofoOnnxModelOptions _options;

    internal MofoOnnxModelEstimator(IHostEnvironment environment, string modelFile, string videoColumnName, string motionColumnName, MofoOnnxModelOptions? options)
        : base(environment)
    {
        _inputs = VideoInputs.Named(videoColumnName, motionColumnName);
        _options = (options ?? new MofoOnnxModelOptions()).Copy();
        _options.Validate();
        OpenCvLibrary.Require();
        _model = OnnxModelFile.Open(modelFile);
        _options.RequireBatchOf(_model.Facts.Views);
    }

    private protected override MofoOnnxModelTransformer FitTo(IDataView input)
    {
        _inputs.Check(input.Schema);
        return new MofoOnnxModelTransformer(Environment, _inputs, _model, _options);
    }

    private protected override IReadOnlyList<SchemaShape.Column> AddedTo(SchemaShape input)
    {
        _inputs.Check(input);
        return OnnxColumns.Added(_model.Facts.Classes);
    }
}
