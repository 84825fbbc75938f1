using Microsoft.ML;
using Microsoft.ML.Runtime;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.MlNetBridge;

[assembly: LoadableClass(
    typeof(MotionDetectingTransformer), typeof(StageLoaders), null, typeof(SignatureLoadModel), "", MotionDetectingTransformer.LoaderSignature)]
[assembly: LoadableClass(
    typeof(MotionMapTransformer), typeof(MotionMapLoader), null, typeof(SignatureLoadModel), "", MotionMapTransformer.LoaderSignature)]
[assembly: LoadableClass(
    typeof(MofoOnnxScoringTransformer), typeof(OnnxScorerLoader), null, typeof(SignatureLoadModel), "", MofoOnnxScoringTransformer.LoaderSignature)]

namespace Mofo.ML.Transforms.MlNetBridge;

/// <summary>What ML.NET calls to bring saved stages back; found through the attribute above, by the name in the model's header.</summary>
internal static class StageLoaders
{
    public static MotionDetectingTransformer Create(IHostEnvironment env, ModelLoadContext ctx) => MotionDetectingTransformer.Load(env, ctx);
}

/// <summary>The same for the stage of motion maps.</summary>
internal static class MotionMapLoader
{
    public static MotionMapTransformer Create(IHostEnvironment env, ModelLoadContext ctx) => MotionMapTransformer.Load(env, ctx);
}

/// <summary>The same for scoring on ONNX Runtime.</summary>
internal static class OnnxScorerLoader
{
    public static MofoOnnxScoringTransformer Create(IHostEnvironment env, ModelLoadContext ctx) => MofoOnnxScoringTransformer.Load(env, ctx);
}
