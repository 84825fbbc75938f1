using Microsoft.ML;
using Microsoft.ML.Runtime;
using Mofo.ML.Trainers;

[assembly: System.Runtime.CompilerServices.IgnoresAccessChecksTo("Microsoft.ML.Core")]
[assembly: System.Runtime.CompilerServices.IgnoresAccessChecksTo("Microsoft.ML.Data")]

// ML.NET finds the stage of a saved model by the last argument, which the file holds, and calls its static method Create.
[assembly: LoadableClass(
    typeof(MofoPretrainedTransformer), typeof(MofoPretrainedTransformer), null, typeof(SignatureLoadModel), "", MofoPretrainedTransformer.LoaderSignature)]
[assembly: LoadableClass(
    typeof(MofoClassificationTransformer), typeof(MofoClassificationTransformer), null, typeof(SignatureLoadModel), "", MofoClassificationTransformer.LoaderSignature)]
[assembly: LoadableClass(
    typeof(MofoModelTransformer), typeof(MofoModelTransformer), null, typeof(SignatureLoadModel), "", MofoModelTransformer.LoaderSignature)]
