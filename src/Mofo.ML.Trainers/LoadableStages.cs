using Microsoft.ML;
using Microsoft.ML.Runtime;
using Mofo.ML.Trainers;

[assembly: System.Runtime.CompilerServices.IgnoresAccessChecksTo("Microsoft.ML.Core")]
[assembly: System.Runtime.CompilerServices.IgnoresAccessChecksTo("Microsoft.ML.Data")]
[assembly: LoadableClass(
    typeof(MofoPretrainedTransformer), typeof(PretrainedLoader), null, typeof(SignatureLoadModel), "", MofoPretrainedTransformer.LoaderSignature)]
[assembly: LoadableClass(
    typeof(MofoClassificationTransformer), typeof(ClassifierLoader), null, typeof(SignatureLoadModel), "", MofoClassificationTransformer.LoaderSignature)]
[assembly: LoadableClass(
    typeof(MofoModelTransformer), typeof(ModelLoader), null, typeof(SignatureLoadModel), "", MofoModelTransformer.LoaderSignature)]

namespace Mofo.ML.Trainers;

/// <summary>What ML.NET calls to bring a saved pretrained stage back: a static Create, one type for each stage.</summary>
internal static class PretrainedLoader
{
    public static MofoPretrainedTransformer Create(IHostEnvironment env, ModelLoadContext ctx) => MofoPretrainedTransformer.Load(env, ctx);
}

/// <summary>The same for the classifier.</summary>
internal static class ClassifierLoader
{
    public static MofoClassificationTransformer Create(IHostEnvironment env, ModelLoadContext ctx) => MofoClassificationTransformer.Load(env, ctx);
}

/// <summary>The same for published weights.</summary>
internal static class ModelLoader
{
    public static MofoModelTransformer Create(IHostEnvironment env, ModelLoadContext ctx) => MofoModelTransformer.Load(env, ctx);
}
