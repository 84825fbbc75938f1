using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Scoring;

/// <summary>The mode in which a network scores.</summary>
internal static class EvaluationMode
{
    /// <summary>Switches to it where the network is not in it: switching makes its layers forget the rounded weights that a load has prepared.</summary>
    public static void Ensure(nn.Module model)
    {
        if (model.training)
        {
            model.eval();
        }
    }
}
