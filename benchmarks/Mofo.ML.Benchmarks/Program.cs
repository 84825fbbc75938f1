using Mofo.ML.Benchmarks;
using Mofo.ML.Benchmarks.Clips;
using Mofo.ML.Benchmarks.Gpu;
using Mofo.ML.Benchmarks.Memory;
using Mofo.ML.Benchmarks.Motion;
using Mofo.ML.Benchmarks.Pipelines;
using Mofo.ML.Benchmarks.Steps;
using TorchSharp;

if (Environment.GetEnvironmentVariable("MOFO_BENCH_THREADS") is { } threads)
{
    torch.set_num_threads(int.Parse(threads));
}

return args switch
{
    ["quick"] => Suites.Quick(),
    ["all"] => Suites.All(),
    ["pretraining", var batch, var rounds] => Suites.Pretraining(int.Parse(batch), int.Parse(rounds)),
    ["classifier", var batch, var rounds] => Suites.Classifier(int.Parse(batch), int.Parse(rounds)),
    ["threads"] => ThreadNumbers.Run(5),
    ["workers"] => WorkerNumbers.Run(3),
    ["workers", var rounds] => WorkerNumbers.Run(int.Parse(rounds)),
    ["spin", var parent] => BusyProcesses.Spin(int.Parse(parent)),
    ["growth"] => Growth.Run(),
    ["onnx", var size, var batch, var rounds] => OnnxAgainstTorch.Run(size, int.Parse(batch), int.Parse(rounds)),
    ["first-clip", var size, var who] => OnnxAgainstTorch.Child(size, who),
    ["length"] => VideoLength.Run(),
    ["precision"] => PrecisionCurves.Run(),
    ["memory"] => PeakMemory.Run(),
    ["peak", var who, var batch] => PeakMemory.Child(who, int.Parse(batch)),
    ["flat"] => FlatMemory.Run(2_000, 10_000),
    ["startup"] => StartUp.Run(),
    ["first-prediction", var model, var video] => StartUp.Child(model, video),
    ["waiting"] => Waiting.Run(),
    ["stages"] => StageShares.Run(),
    ["clips", var folder] => ClipLoading.Run(folder),
    ["operations"] => AugmentationOperations.Run(),
    ["gpu-check"] => GpuSuite.Check(),
    ["gpu-part", var name, var size] => GpuSuite.Part(name, size),
    ["gpu", "small", .. var names] => GpuSuite.Run(small: true, names),
    ["gpu", .. var names] => GpuSuite.Run(small: false, names),
    ["motion-speed", var clip] => MotionSpeed.Run(clip, null),
    ["motion-speed", var clip, var flows] => MotionSpeed.Run(clip, flows),
    ["motion-speed", var clip, var flows, var rounds] => MotionSpeed.Run(clip, flows, int.Parse(rounds)),
    ["motion-truth"] => RenderedTruth.Run("dis;tvl1;farneback"),
    ["motion-truth", var flows] => RenderedTruth.Run(flows),
    ["motion-long", var file] => LongVideo.Run(file),
    ["motion-boxes", var videos, var folder] => BoxAgreement.Run(videos, folder, null),
    ["motion-boxes", var videos, var folder, var flows] => BoxAgreement.Run(videos, folder, flows),
    ["motion-boxes", var videos, var folder, var flows, var most] => BoxAgreement.Run(videos, folder, flows, int.Parse(most)),
    ["motion-boxes", var videos, var folder, var flows, var most, var frames] => BoxAgreement.Run(videos, folder, flows, int.Parse(most), int.Parse(frames)),
    _ => Suites.Usage(),
};
