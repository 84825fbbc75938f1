using Mofo.ML.Trainers;

namespace PaperInSmall;

/// <summary>How the encoder was pretrained.</summary>
internal enum Pretraining
{
    /// <summary>Not at all: random weights.</summary>
    None,

    /// <summary>VideoMAE: tubes hidden at random.</summary>
    RandomTubes,

    /// <summary>MOFO: a fixed share of the tubes in the motion box is hidden, whatever its size, and the rest outside.</summary>
    MotionTubes,

    /// <summary>Not the paper's: more of the box is hidden than of the rest.</summary>
    MoreOfBox,

    /// <summary>Not the paper's: tubes are hidden the more often the more their pixels change, with no box.</summary>
    SoftTubes,

    /// <summary>The weights that come with the library, for every set alike.</summary>
    BuiltIn,
}

/// <summary>A row of the table: a way of pretraining and a head.</summary>
/// <param name="Name">As the paper calls it.</param>
/// <param name="FileName">The same without the characters that file names do not like.</param>
/// <param name="Pretraining">What the encoder starts from.</param>
/// <param name="Fusion">The head: none is VideoMAE's mean pooling, cross-attention MOFO's.</param>
/// <param name="SeesPretrainingClips">Whether finetuning is longer by as many clips as the pretrained rows saw in pretraining.</param>
internal sealed record PaperRow(string Name, string FileName, Pretraining Pretraining, MotionFusion Fusion, bool SeesPretrainingClips = false)
{
    /// <summary>Whether the program pretrains for it.</summary>
    public bool IsPretrainedHere => Pretraining is not (Pretraining.None or Pretraining.BuiltIn);

    public static IReadOnlyList<PaperRow> All { get; } =
    [
        new("scratch", "scratch", Pretraining.None, MotionFusion.None),
        new("scratch, cross-attention", "scratch-cross", Pretraining.None, MotionFusion.MultiHeadCrossAttention),
        new("scratch, as many clips", "scratch-long", Pretraining.None, MotionFusion.None, SeesPretrainingClips: true),
        new("library's weights", "built-in", Pretraining.BuiltIn, MotionFusion.None),
        new("library's weights, cross-attention", "built-in-cross", Pretraining.BuiltIn, MotionFusion.MultiHeadCrossAttention),
        new("VideoMAE", "videomae", Pretraining.RandomTubes, MotionFusion.None),
        new("MOFO*", "mofo-1", Pretraining.MotionTubes, MotionFusion.None),
        new("MOFO**", "mofo-2", Pretraining.RandomTubes, MotionFusion.MultiHeadCrossAttention),
        new("MOFO†", "mofo-3", Pretraining.MotionTubes, MotionFusion.MultiHeadCrossAttention),
        new("more of the box hidden", "more-of-box", Pretraining.MoreOfBox, MotionFusion.None),
        new("soft sampling by frame differences", "soft", Pretraining.SoftTubes, MotionFusion.None),
    ];
}
