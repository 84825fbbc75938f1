namespace Mofo.ML.Trainers;

/// <summary>The figure of the validation rows that decides which epoch was the best and when to stop.</summary>
public enum StoppingFigure
{
    /// <summary>Share of rows whose best class is their label; higher is better, of equal ones the later epoch.</summary>
    Accuracy,

    /// <summary>Mean negative logarithm of the label's probability; lower is better.</summary>
    Loss,
}
