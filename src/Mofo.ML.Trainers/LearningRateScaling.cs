namespace Mofo.ML.Trainers;

/// <summary>How the effective learning rate follows from <see cref="MofoTrainingOptions.BaseLearningRate"/> and the number of videos in an optimiser step.</summary>
public enum LearningRateScaling
{
    /// <summary>base x videos / 256 (Goyal et al. 2017, arXiv 1706.02677), as VideoMAE's scripts. Made for steps of hundreds of videos: with 16 a sixteenth of the base is left.</summary>
    Linear,

    /// <summary>base x sqrt(videos / 256): keeps the noise of Adam's updates alike (Malladi et al. 2022, arXiv 2205.10287). With 16 videos a quarter of the base is left.</summary>
    SquareRoot,
}
