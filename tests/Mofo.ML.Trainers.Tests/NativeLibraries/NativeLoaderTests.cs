using Mofo.ML.Trainers;
using Mofo.ML.Transforms.NativeLibraries;
using OpenCvSharp;
using TorchSharp;

namespace Mofo.ML.Trainers.Tests.NativeLibraries;

public class NativeLoaderTests
{
    [Fact]
    public void Torch_and_OpenCv_work_together()
    {
        NativeLoading.Register();
        using var ones = torch.ones(3, 4);
        Assert.Equal(12f, ones.sum().item<float>());
        using var mat = new Mat(4, 4, MatType.CV_8UC1, new OpenCvSharp.Scalar(7));
        Assert.Equal(112, Cv2.Sum(mat).Val0);
    }
}
