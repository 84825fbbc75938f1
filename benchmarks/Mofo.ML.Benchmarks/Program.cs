using Mofo.ML.Benchmarks.Clips;
using Mofo.ML.Benchmarks.Measuring;
using Mofo.ML.Benchmarks.Motion;
using Mofo.ML.Benchmarks.Steps;
using Mofo.ML.Trainers;
using TorchSharp;
using static TorchSharp.torch;

if (Environment.GetEnvironmentVariable("MOFO_BENCH_THREADS") is { } t)
{
    set_num_threads(int.Parse(t));
}

var F = ScalarType.Float32; var B = ScalarType.BFloat16;
return args switch
{
    ["pre", var b, var r] => Go(() => Interleaved.Run($"pretraining step ViT-B batch {b}", [PretrainingSteps.Reference(VitConfig.Base, int.Parse(b)), PretrainingSteps.Ours(VitConfig.Base, int.Parse(b), F), PretrainingSteps.Ours(VitConfig.Base, int.Parse(b), B), MatrixLimit.Of(F), MatrixLimit.Of(B)], int.Parse(r))),
    ["our", var b, var r] => Go(() => Interleaved.Run($"pretraining step ViT-B batch {b}", [PretrainingSteps.Ours(VitConfig.Base, int.Parse(b), B), MatrixLimit.Of(B)], int.Parse(r))),
    ["fine", var b, var r] => Go(() => Fine(int.Parse(b), int.Parse(r))),
    ["clips", var folder] => ClipLoading.Run(folder),
    ["operations"] => AugmentationOperations.Run(),
    ["motion-boxes", var videos, var cache] => BoxAgreement.Run(videos, cache, null),
    ["motion-boxes", var videos, var cache, var flows] => BoxAgreement.Run(videos, cache, flows),
    ["motion-boxes", var videos, var cache, var flows, var most] => BoxAgreement.Run(videos, cache, flows, int.Parse(most)),
    _ => Usage(),
};

void Fine(int b, int r)
{
    var x = ClassifierSteps.Reference(VitConfig.Base, b);
    var f = ClassifierSteps.Ours(VitConfig.Base, b, F);
    var h = ClassifierSteps.Ours(VitConfig.Base, b, B);
    Interleaved.Run($"scoring {b}", [x.Scoring, f.Scoring, h.Scoring, MatrixLimit.Of(F), MatrixLimit.Of(B)], r);
    Interleaved.Run($"finetuning {b}", [x.Finetuning, f.Finetuning, h.Finetuning, MatrixLimit.Of(F), MatrixLimit.Of(B)], r);
}

static int Go(Action a) { a(); return 0; }

static int Usage()
{
    Console.Error.WriteLine("usage: Mofo.ML.Benchmarks clips <folder with .mp4 files> | operations");
    return 1;
}
