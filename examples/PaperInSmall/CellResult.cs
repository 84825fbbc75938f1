namespace PaperInSmall;

/// <summary>What one training came to.</summary>
/// <param name="Set">Data set.</param>
/// <param name="Row">Row of the paper's table.</param>
/// <param name="Seed">Seed of the run.</param>
/// <param name="Top1">Share of held-back clips recognised.</param>
/// <param name="MeanClass">Mean of the classes' recalls.</param>
/// <param name="Calibration">Expected calibration error.</param>
/// <param name="Clips">Held-back clips.</param>
/// <param name="Seconds">Time taken, pretraining included where this cell did it.</param>
internal sealed record CellResult(string Set, string Row, int Seed, double Top1, double MeanClass, double Calibration, int Clips, double Seconds);
