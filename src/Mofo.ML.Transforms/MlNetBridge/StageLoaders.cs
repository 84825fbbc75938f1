using Microsoft.ML;
using Microsoft.ML.Runtime;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.MlNetBridge;

[assembly: LoadableClass(
    typeof(MotionDetectionTransformer), typeof(StageLoaders), null, typeof(SignatureLoadModel), "", MotionDetectionTransformer.LoaderSignature)]
[assembly: LoadableClass(
    typeof(MotionMapTransformer), typeof(MotionMapLoader), null, typeof(SignatureLoadModel), "", MotionMapTransformer.LoaderSignature)]
[assembly: LoadableClass(
    typeof(MofoOnnxModelTransformer), typeof(OnnxScorerLoader), null, typeof(SignatureLoadModel), "", MofoOnnxModelTransformer.LoaderSignature)]
[assembly: LoadableClass(
    typeof(MofoClipLoadingTransformer), typeof(ClipLoaderLoader), null, typeof(SignatureLoadModel), "", MofoClipLoadingTransformer.LoaderSignature)]
[assembly: LoadableClass(
    typeof(MofoViewAverageTransformer), typeof(ViewAverageLoader), null, typeof(SignatureLoadModel), "", MofoViewAverageTransformer.LoaderSignature)]

namespace Mofo.ML.Transforms.MlNetBridge;

/// <summary>What ML.NET calls to bring saved stages back; found through the attribute above, by the name in the model's header.</summary>
internal static class StageLoaders
{
    public static MotionDetectionTransformer Create(IHostEnvironment env, ModelLoadContext ctx) => MotionDetectionTransformer.Load(env, ctx);
}

/// <summary>The same for the stage of motion maps.</summary>
internal static class MotionMapLoader
{
    public static MotionMapTransformer Create(IHostEnvironment env, ModelLoadContext ctx) => MotionMapTransformer.Load(env, ctx);
}

/// <summary>The same for scoring on ONNX Runtime.</summary>
internal static class OnnxScorerLoader
{
    public static MofoOnnxModelTransformer Create(IHostEnvironment env, ModelLoadContext ctx) => MofoOnnxModelTransformer.Load(env, ctx);
}

/// <summary>The same for the stage that cuts clips.</summary>
internal static class ClipLoaderLoader
{
    public static MofoClipLoadingTransformer Create(IHostEnvironment env, ModelLoadContext ctx) => MofoClipLoadingTransformer.Load(env, ctx);
}

/// <summary>The same for the average over views.</summary>
internal static class ViewAverageLoader
{
    public static MofoViewAverageTransformer Create(IHostEnvironment env, ModelLoadContext ctx) => MofoViewAverageTransformer.Load(env, ctx);
}
