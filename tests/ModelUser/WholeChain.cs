using Microsoft.ML;
using Mofo.ML.Trainers;

namespace Mofo.ML.ModelUser;

/// <summary>The README's chain with a tiny network, for tests of programs that are hosted or packed in some other way.</summary>
internal static class WholeChain
{
    /// <summary>Fits it on a list and saves it.</summary>
    public static void Fit(string list, string modelPath)
    {
        var ml = new MLContext(seed: 1);
        var data = ml.Data.LoadVideoList(list);
        var pretraining = new MofoPretrainingOptions { Model = LongTraining.Network, Epochs = 1, BatchSize = 4, BaseLearningRate = 0.02 };
        var finetuning = new MofoFinetuningOptions { Model = LongTraining.Network, Epochs = 1, BatchSize = 4, BaseLearningRate = 0.02, TestSegments = 1, TestCrops = 1 };
        var chain = ml.Transforms.DetectMotion()
            .Append(ml.Transforms.PretrainMofo(pretraining))
            .Append(ml.Transforms.Conversion.MapValueToKey("Label"))
            .Append(ml.MulticlassClassification.Trainers.MofoFinetune(finetuning))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        ml.Model.Save(chain.Fit(data), data.Schema, modelPath);
    }
}
