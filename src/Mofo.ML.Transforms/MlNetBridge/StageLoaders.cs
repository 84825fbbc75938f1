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
[assembly: LoadableClass(
    typeof(ClipLoadingTransformer), typeof(ClipLoaderLoader), null, typeof(SignatureLoadModel), "", ClipLoadingTransformer.LoaderSignature)]
[assembly: LoadableClass(
    typeof(ViewAverageTransformer), typeof(ViewAverageLoader), null, typeof(SignatureLoadModel), "", ViewAverageTransformer.LoaderSignature)]

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

/// <summary>The same for the stage that cuts clips.</summary>
internal static class ClipLoaderLoader
{
    public static ClipLoadingTransformer Create(IHostEnvironment env, ModelLoadContext ctx) => ClipLoadingTransformer.Load(env, ctx);
}

/// <summary>The same for the average over views.</summary>
internal static class ViewAverageLoader
{
    public static ViewAverageTransformer Create(IHostEnvironment env, ModelLoadContext ctx) => ViewAverageTransformer.Load(env, ctx);
}
