using TorchSharp;

namespace Mofo.ML.Trainers.Training.Loop;

/// <summary>A figure of a step: a number, or a scalar that still lies on the device. Reading a scalar waits for the device, so that is left to who reports it.</summary>
internal readonly record struct StepFigure
{
    private readonly double _number;

    private StepFigure(double number, torch.Tensor? scalar) => (_number, Scalar) = (number, scalar);

    /// <summary>A figure that is not known: NaN.</summary>
    public static StepFigure Unknown { get; } = new(double.NaN, null);

    /// <summary>The scalar on the device; null for a number.</summary>
    public torch.Tensor? Scalar { get; }

    public static implicit operator StepFigure(double number) => new(number, null);

    public static implicit operator StepFigure(torch.Tensor scalar) => new(double.NaN, scalar);

    /// <summary>The value; waits for the device where it is a scalar.</summary>
    public double Read() => Scalar is null ? _number : Scalar.item<float>();
}
