namespace Mofo.ML.Transforms;

/// <summary>One or more options have values that cannot be used; nothing has been started.</summary>
/// <remarks>The message lists every problem found, so that all can be corrected at once.</remarks>
public sealed class MofoOptionsException : ArgumentException
{
    /// <summary>Makes the exception from the problems found.</summary>
    /// <param name="optionsName">Name of the options class, e.g. <c>MotionDetectionOptions</c>.</param>
    /// <param name="problems">One sentence per wrong option, e.g. <c>MaskRatio is 1.2; it must be in [0, 0.99].</c></param>
    /// <exception cref="ArgumentException"><paramref name="problems"/> is empty.</exception>
    public MofoOptionsException(string optionsName, IReadOnlyList<string> problems)
        : base(MessageOf(optionsName, problems))
    {
        OptionsName = optionsName;
        Problems = [.. problems];
    }

    /// <summary>Name of the options class that holds the values.</summary>
    public string OptionsName { get; }

    /// <summary>One sentence per wrong option.</summary>
    public IReadOnlyList<string> Problems { get; }

    private static string MessageOf(string optionsName, IReadOnlyList<string> problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        if (problems.Count == 0)
        {
            throw new ArgumentException("There must be at least one problem.", nameof(problems));
        }

        return $"{optionsName} cannot be used: {string.Join(" ", problems)}";
    }
}
