using System.Runtime.CompilerServices;

namespace Mofo.ML.Transforms;

/// <summary>Collects what is wrong with an options object and throws it all as one <see cref="MofoOptionsException"/>.</summary>
internal sealed class OptionProblems(string optionsName)
{
    private readonly List<string> _problems = [];

    public void InRange<T>(T value, T lowest, T highest, [CallerArgumentExpression(nameof(value))] string name = "")
        where T : IComparable<T>
    {
        // NaN compares below everything, so it fails the first test.
        if (value.CompareTo(lowest) < 0 || value.CompareTo(highest) > 0)
        {
            _problems.Add(Invariant($"{name} is {value}; it must be in [{lowest}, {highest}]."));
        }
    }

    public void Defined<T>(T value, [CallerArgumentExpression(nameof(value))] string name = "")
        where T : struct, Enum
    {
        if (!Enum.IsDefined(value))
        {
            _problems.Add(Invariant($"{name} is {value}; it must be one of {string.Join(", ", Enum.GetNames<T>())}."));
        }
    }

    /// <summary>A text that may be left out, but not be blank.</summary>
    /// <param name="value">The value of the option.</param>
    /// <param name="what">Ends the sentence "it must be ...".</param>
    /// <param name="name">The option.</param>
    public void NullOrNotBlank(string? value, string what, [CallerArgumentExpression(nameof(value))] string name = "") =>
        Require(value is null || !string.IsNullOrWhiteSpace(value), $"{name} is blank; it must be {what}.");

    public void Require(bool holds, string problem)
    {
        if (!holds)
        {
            _problems.Add(problem);
        }
    }

    public void ThrowIfAny()
    {
        if (_problems.Count > 0)
        {
            throw new MofoOptionsException(optionsName, _problems);
        }
    }
}
