using TorchSharp;

namespace Mofo.ML.Trainers.Weights;

/// <summary>Element types that weight files hold and that torch can take.</summary>
internal enum WeightType
{
    Float32,
    Float16,
    BFloat16,
    Float64,
    Int64,
    Int32,
    Int16,
    Int8,
    UInt8,
    Bool,
}

/// <summary>Size, safetensors code and torch type of each <see cref="WeightType"/>: the only table of them.</summary>
internal static class WeightTypes
{
    private static readonly (WeightType Type, int Size, string Code, torch.ScalarType Torch)[] Table =
    [
        (WeightType.Float32, 4, "F32", torch.ScalarType.Float32),
        (WeightType.Float16, 2, "F16", torch.ScalarType.Float16),
        (WeightType.BFloat16, 2, "BF16", torch.ScalarType.BFloat16),
        (WeightType.Float64, 8, "F64", torch.ScalarType.Float64),
        (WeightType.Int64, 8, "I64", torch.ScalarType.Int64),
        (WeightType.Int32, 4, "I32", torch.ScalarType.Int32),
        (WeightType.Int16, 2, "I16", torch.ScalarType.Int16),
        (WeightType.Int8, 1, "I8", torch.ScalarType.Int8),
        (WeightType.UInt8, 1, "U8", torch.ScalarType.Byte),
        (WeightType.Bool, 1, "BOOL", torch.ScalarType.Bool),
    ];

    /// <summary>Codes that can be read, for error messages.</summary>
    public static string KnownCodes { get; } = string.Join(", ", Table.Select(row => row.Code));

    public static int Size(this WeightType type) => Table[(int)type].Size;

    public static string Code(this WeightType type) => Table[(int)type].Code;

    public static torch.ScalarType ToTorch(this WeightType type) => Table[(int)type].Torch;

    public static bool IsFloating(this WeightType type) => type is WeightType.Float32 or WeightType.Float16 or WeightType.BFloat16 or WeightType.Float64;

    public static bool TryFromCode(string code, out WeightType type)
    {
        var row = Array.FindIndex(Table, r => r.Code == code);
        type = row < 0 ? default : Table[row].Type;
        return row >= 0;
    }

    public static WeightType FromTorch(torch.ScalarType torchType)
    {
        var row = Array.FindIndex(Table, r => r.Torch == torchType);
        return row >= 0
            ? Table[row].Type
            : throw new NotSupportedException($"Tensors of type {torchType} cannot be stored; the types that can are {string.Join(", ", Table.Select(r => r.Torch.ToString()))}.");
    }
}
