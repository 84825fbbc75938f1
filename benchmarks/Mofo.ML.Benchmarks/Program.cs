using Mofo.ML.Benchmarks.Clips;

return args switch
{
    ["clips", var folder] => ClipLoading.Run(folder),
    ["operations"] => AugmentationOperations.Run(),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: Mofo.ML.Benchmarks clips <folder with .mp4 files> | operations");
    return 1;
}
