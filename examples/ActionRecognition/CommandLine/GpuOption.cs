using System.CommandLine;

namespace ActionRecognition.CommandLine;

/// <summary><c>--gpu N</c> of the examples that train.</summary>
internal static class GpuOption
{
    public static Option<int?> New()
    {
        var option = new Option<int?>("--gpu")
        {
            Description = "Number of the CUDA device to train and score on, from 0. Default: the CPU. Needs a build with -p:TorchBackend=cuda.",
        };
        option.Validators.Add(result =>
        {
            if (result.GetValue(option) is { } gpu && CudaDevices.Problem(gpu) is { } problem)
            {
                result.AddError(problem);
            }
        });
        return option;
    }
}
