namespace PaperInSmall;

/// <summary>What one training came to.</summary>
/// <param name="Set">Data set.</param>
/// <param name="Row">Row of the table.</param>
/// <param name="PretrainingSeed">Seed of pretraining; 0 where there was none.</param>
/// <param name="Seed">Seed of finetuning.</param>
/// <param name="Top1">Share of held-back clips recognised.</param>
/// <param name="MeanClass">Mean of the classes' recalls.</param>
/// <param name="Calibration">Expected calibration error.</param>
/// <param name="Clips">Held-back clips.</param>
/// <param name="Loss">Training loss of the last epoch.</param>
/// <param name="Seconds">Time that finetuning and scoring took.</param>
internal sealed record CellResult(
    string Set, string Row, int PretrainingSeed, int Seed, double Top1, double MeanClass, double Calibration, int Clips, double Loss, double Seconds);
