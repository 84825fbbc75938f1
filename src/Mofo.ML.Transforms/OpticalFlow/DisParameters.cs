namespace Mofo.ML.Transforms.OpticalFlow;

/// <summary>Settings of <see cref="DisFlow"/>.</summary>
/// <param name="FinestLevel">The level whose flow is enlarged to the full size: 0 full, 1 half, 2 a quarter.</param>
/// <param name="Stride">Pixels from one patch to the next; patches are 8x8.</param>
/// <param name="Iterations">Most descent steps for each patch.</param>
/// <param name="Warps">TV-L1 warps after the search on each level; 0 leaves the averaged patches as they are.</param>
/// <param name="Filterings">Median filterings for each warp.</param>
/// <param name="Refinements">TV-L1 iterations after each filtering.</param>
internal sealed record DisParameters(int FinestLevel = 1, int Stride = 4, int Iterations = 6, int Warps = 2, int Filterings = 1, int Refinements = 10);
