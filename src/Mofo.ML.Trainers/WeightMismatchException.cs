namespace Mofo.ML.Trainers;

/// <summary>The weights of a file do not fit the model. Nothing has been loaded; the message lists every problem.</summary>
public sealed class WeightMismatchException : Exception
{
    internal WeightMismatchException(LoadReport report)
        : base($"The weights do not fit the model, which stays as it was. {report}") => Report = report;

    /// <summary>All tensors of the file and of the model. Those under <see cref="LoadReport.Loaded"/> would have fitted.</summary>
    public LoadReport Report { get; }
}
