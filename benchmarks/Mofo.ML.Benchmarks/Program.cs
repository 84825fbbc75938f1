using Mofo.ML.Benchmarks.Clips;
using Mofo.ML.Benchmarks.Motion;

return args switch
{
    ["clips", var folder] => ClipLoading.Run(folder),
    ["operations"] => AugmentationOperations.Run(),
    ["motion-boxes", var videos, var cache] => BoxAgreement.Run(videos, cache, null),
    ["motion-boxes", var videos, var cache, var flows] => BoxAgreement.Run(videos, cache, flows),
    ["motion-boxes", var videos, var cache, var flows, var most] => BoxAgreement.Run(videos, cache, flows, int.Parse(most)),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: Mofo.ML.Benchmarks clips <folder with .mp4 files> | operations");
    return 1;
}
