using Mofo.ML.Trainers;

namespace Mofo.ML.Research;

/// <summary>How a network encodes the position of a token.</summary>
public enum TokenPositions
{
    /// <summary>One sine-cosine row over the tokens in a row, time before height before width, as VideoMAE and MOFO: for their weights.</summary>
    Sequence,

    /// <summary>
    /// A third of the width each for time, height and width, sine-cosine with wavelengths of up to ten cells, so that neighbours along any axis look alike. Together
    /// with <see cref="WeightStart.Mimetic"/> it lets a small autoencoder trained from scratch find them sooner; alone it showed nothing: see docs/recipes.md.
    /// </summary>
    /// <remarks>
    /// The axes have parts of their own as the two of a picture have in MAE's released code (arXiv 2111.06377); the short wavelengths are ours, for grids of four to sixteen cells. Values that six do
    /// not divide stay 0. Weights trained with one kind of positions do not fit the other.
    /// </remarks>
    PerAxis,

    /// <summary>
    /// The table that the starting weights store as <c>pos_embed</c>: positions that were learned, or computed by another rule. It is brought to the network's own grid (see
    /// <see cref="VitConfig.PositionImageSize"/>) and does not learn. <c>InitialWeights</c> and <c>ApplyMofoModel</c> choose it by themselves where the file has such a table.
    /// </summary>
    Stored,
}
