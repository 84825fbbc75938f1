using Microsoft.ML;
using Mofo.ML.Trainers.Training.Feed;
using Mofo.ML.Transforms.Clips;
using Mofo.ML.Transforms.MlNetBridge;
using OpenCvSharp;

namespace Mofo.ML.Trainers.Tests.Training;

/// <summary>What is odd about a video is said once, however many trainings and stages of one MLContext read it.</summary>
public sealed class RemarksOfTrainingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("remarks").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Two_trainings_of_one_context_name_a_file_once()
    {
        using var picture = new Mat(48, 64, MatType.CV_8UC3, new OpenCvSharp.Scalar(40, 80, 120));
        foreach (var name in new[] { "img_00001.png", "img_00002.png", "flow_x_00001.png", "flow_y_00001.png" })
        {
            Assert.True(Cv2.ImWrite(Path.Combine(_folder, name), picture));
        }

        var warnings = new List<string>();
        var environment = StageHost.EnvironmentOf(new MLContext(seed: 1).Transforms);
        foreach (var stage in new[] { "pretraining", "finetuning" })
        {
            var source = ClipSources.For(new MofoFinetuningOptions { Model = VitConfig.Micro }, new StageHost(environment, stage, warnings.Add), TorchSharp.torch.CPU);
            for (var epoch = 0; epoch < 2; epoch++)
            {
                using var clip = source.ReadViews(new ClipSource(_folder, default), count => [[0, count - 1]])[0];
                Assert.Equal(2, clip.Length);
            }
        }

        Assert.Contains("flow_x", Assert.Single(warnings), StringComparison.Ordinal);
    }
}
