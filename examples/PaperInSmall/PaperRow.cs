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
}

/// <summary>A row of the paper's table: a way of pretraining and a head.</summary>
/// <param name="Name">As the paper calls it.</param>
/// <param name="Pretraining">What the encoder starts from.</param>
/// <param name="Fusion">The head: none is VideoMAE's mean pooling, cross-attention MOFO's.</param>
internal sealed record PaperRow(string Name, Pretraining Pretraining, MotionFusion Fusion)
{
    public static IReadOnlyList<PaperRow> All { get; } =
    [
        new("scratch", Pretraining.None, MotionFusion.None),
        new("VideoMAE", Pretraining.RandomTubes, MotionFusion.None),
        new("MOFO*", Pretraining.MotionTubes, MotionFusion.None),
        new("MOFO**", Pretraining.RandomTubes, MotionFusion.MultiHeadCrossAttention),
        new("MOFO†", Pretraining.MotionTubes, MotionFusion.MultiHeadCrossAttention),
    ];

    /// <summary>Its place in the table, as a file name.</summary>
    public string FileName => $"row{All.Index().First(row => row.Item == this).Index}";
}
