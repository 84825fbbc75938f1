namespace Mofo.ML.Transforms.OpticalFlow.Lanes;

/// <summary>A single float: the fallback without vector registers, and what the wider ones are tested against.</summary>
internal readonly unsafe struct Lanes1(float value) : ILanes<Lanes1>
{
    private readonly float _value = value;

    public static int Count => 1;

    public static Lanes1 Of(float value) => new(value);

    public static Lanes1 Load(float* from) => new(*from);

    public static Lanes1 Min(Lanes1 a, Lanes1 b) => a._value < b._value ? a : b;

    public static Lanes1 Max(Lanes1 a, Lanes1 b) => a._value > b._value ? a : b;

    public static void Order(ref Lanes1 a, ref Lanes1 b) => (a, b) = (Min(a, b), Max(a, b));

    public static Lanes1 Sqrt(Lanes1 a) => new(MathF.Sqrt(a._value));

    /// <summary>Minus half of the bits of a float, plus this, are about its inverse root (Lomont 2003).</summary>
    public const int InverseSqrtGuess = 0x5F375A86;

    public static Lanes1 InverseSqrt(Lanes1 a)
    {
        var guess = BitConverter.Int32BitsToSingle(InverseSqrtGuess - (BitConverter.SingleToInt32Bits(a._value) >>> 1));
        return new(guess * (1.5f - ((0.5f * a._value) * (guess * guess))));
    }

    public static Lanes1 operator +(Lanes1 left, Lanes1 right) => new(left._value + right._value);

    public static Lanes1 operator -(Lanes1 left, Lanes1 right) => new(left._value - right._value);

    public static Lanes1 operator *(Lanes1 left, Lanes1 right) => new(left._value * right._value);

    public static Lanes1 operator /(Lanes1 left, Lanes1 right) => new(left._value / right._value);

    public void Store(float* to) => *to = _value;

    public float Sum() => _value;
}
