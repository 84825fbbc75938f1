using Microsoft.ML;
using Microsoft.ML.Runtime;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.MlNetBridge;

[assembly: LoadableClass(
    typeof(MotionDetectingTransformer), typeof(StageLoaders), null, typeof(SignatureLoadModel), "", MotionDetectingTransformer.LoaderSignature)]

namespace Mofo.ML.Transforms.MlNetBridge;

/// <summary>What ML.NET calls to bring saved stages back; found through the attribute above, by the name in the model's header.</summary>
internal static class StageLoaders
{
    public static MotionDetectingTransformer Create(IHostEnvironment env, ModelLoadContext ctx) => MotionDetectingTransformer.Load(env, ctx);
}
