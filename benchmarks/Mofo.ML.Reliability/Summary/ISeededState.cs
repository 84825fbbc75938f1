namespace Mofo.ML.Reliability.Summary;

/// <summary>What a part of a campaign keeps in its file, and the seed that its figures depend on.</summary>
internal interface ISeededState
{
    /// <summary>Of the campaign that the file belongs to.</summary>
    public int Seed { get; }
}
