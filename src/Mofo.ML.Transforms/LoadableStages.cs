using Microsoft.ML;
using Microsoft.ML.Runtime;
using Mofo.ML.Transforms;

// ML.NET finds the stage of a saved model by the last argument, which the file holds, and calls its static method Create.
[assembly: LoadableClass(
    typeof(MotionDetectionTransformer), typeof(MotionDetectionTransformer), null, typeof(SignatureLoadModel), "", MotionDetectionTransformer.LoaderSignature)]
[assembly: LoadableClass(
    typeof(MotionMapTransformer), typeof(MotionMapTransformer), null, typeof(SignatureLoadModel), "", MotionMapTransformer.LoaderSignature)]
[assembly: LoadableClass(
    typeof(MofoOnnxModelTransformer), typeof(MofoOnnxModelTransformer), null, typeof(SignatureLoadModel), "", MofoOnnxModelTransformer.LoaderSignature)]
[assembly: LoadableClass(
    typeof(MofoClipLoadingTransformer), typeof(MofoClipLoadingTransformer), null, typeof(SignatureLoadModel), "", MofoClipLoadingTransformer.LoaderSignature)]
[assembly: LoadableClass(
    typeof(MofoViewAverageTransformer), typeof(MofoViewAverageTransformer), null, typeof(SignatureLoadModel), "", MofoViewAverageTransformer.LoaderSignature)]
