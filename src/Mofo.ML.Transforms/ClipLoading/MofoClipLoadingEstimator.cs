using Microsoft.ML;
using Microsoft.ML.Runtime;
using Mofo.ML.Transforms.MlNetBridge;
using Mofo.ML.Transforms.OnnxScoring;
using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms;

/// <summary>Cuts all test views of a video as an exported model expects them, so that ML.NET's own <c>ApplyOnnxModel</c> can run it.</summary>
/// <remarks>There is nothing to learn: fitting checks the schema, and videos are read when the clips are. No native library beside OpenCV's is needed.</remarks>
public sealed class MofoClipLoadingEstimator : MofoEstimator<MofoClipLoadingTransformer>
{
    private readonly OnnxModelFacts _facts;
    private readonly VideoInputs _inputs;
    private readonly MofoClipLoadingOptions _options;

    internal MofoClipLoadingEstimator(IHostEnvironment environment, string modelFile, string videoColumnName, string motionColumnName, MofoClipLoadingOptions? options)
        : base(environment)
    {
        _inputs = VideoInputs.Named(videoColumnName, motionColumnName);
        _options = (options ?? new MofoClipLoadingOptions()).Copy();
        _options.Validate();
        OpenCvLibrary.Require();
        _facts = OnnxModelFile.ReadFacts(modelFile);
        if (_facts.Views.Count > _facts.Views.MostClips)
        {
            throw new InvalidDataException(Invariant($"The ONNX file '{modelFile}' looks at {_facts.Views.Count} clips of a video; at most {_facts.Views.MostClips} of this size fit into one row. ApplyMofoOnnxModel computes them in batches."));
        }
    }

    private protected override MofoClipLoadingTransformer FitTo(IDataView input)
    {
        _inputs.Check(input.Schema);
        return new MofoClipLoadingTransformer(Environment, _inputs, _facts.Views, _options);
    }

    private protected override IReadOnlyList<SchemaShape.Column> AddedTo(SchemaShape input)
    {
        _inputs.Check(input);
        return [StageShapes.Vector(OnnxColumns.Clips), StageShapes.Vector(OnnxColumns.Boxes)];
    }
}
