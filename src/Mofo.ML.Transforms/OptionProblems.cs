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
