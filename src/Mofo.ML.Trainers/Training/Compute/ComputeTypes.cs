using System.Runtime.Intrinsics.X86;
using Mofo.ML.Trainers.Model.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Training.Compute;

/// <summary>From the user's <see cref="Precision"/> to the type that the linear layers of a model compute in.</summary>
internal static class ComputeTypes
{
    /// <summary>Chooses the type for a device.</summary>
    public static ScalarType Choose(Precision precision, Device device) => precision switch
    {
        Precision.Float32 => ScalarType.Float32,
        Precision.BFloat16 => ScalarType.BFloat16,
        _ => HasFastBFloat16(device) ? ScalarType.BFloat16 : ScalarType.Float32,
    };

    /// <summary>Has every linear layer (and with it the attention) of a model compute in this type. The weights stay float32.</summary>
    public static void Apply(nn.Module model, ScalarType type)
    {
        foreach (var layer in model.modules().OfType<MixedLinear>())
        {
            layer.ComputeType = type;
        }
    }

    /// <summary>The same, and on a GPU the tokens between the layers take the type too: there, memory is what norms and sums wait for. A CPU keeps them in float32.</summary>
    public static void Apply(nn.Module model, ScalarType type, Device device)
    {
        Apply(model, type);
        ApplyToTokens(model, device.type == DeviceType.CPU ? ScalarType.Float32 : type);
    }

    /// <summary>Has the tokens between the blocks of a model flow in this type.</summary>
    public static void ApplyToTokens(nn.Module model, ScalarType type)
    {
        foreach (var embedding in model.modules().OfType<TubeletEmbedding>())
        {
            embedding.TokenType = type;
        }
    }

    /// <summary>The type that a model's layers compute in.</summary>
    public static ScalarType Of(nn.Module model) =>
        model.modules().OfType<MixedLinear>().FirstOrDefault(layer => !layer.StaysFloat32)?.ComputeType ?? ScalarType.Float32;

    /// <summary>Whether bfloat16 products are faster than float32 ones on this device.</summary>
    public static bool HasFastBFloat16(Device device) => device.type switch
    {
        DeviceType.CUDA => CudaCapability.HasBFloat16(CudaCapability.MajorOf(Math.Max(0, device.index))),
        DeviceType.CPU => CpuMultipliesBFloat16(),
        _ => false,
    };

    private static bool CpuMultipliesBFloat16()
    {
        // Avx512F.IsSupported also says that the operating system saves the wide registers.
        if (!X86Base.IsSupported || !Avx512F.IsSupported || X86Base.CpuId(0, 0).Eax < 7)
        {
            return false;
        }

        // Intel SDM, CPUID leaf 7: AMX-BF16 is bit 22 of EDX in sub-leaf 0, AVX512-BF16 is bit 5 of EAX in sub-leaf 1.
        var features = X86Base.CpuId(7, 0);
        var hasAmx = (features.Edx >> 22 & 1) != 0;
        return hasAmx || (features.Eax >= 1 && (X86Base.CpuId(7, 1).Eax >> 5 & 1) != 0);
    }
}
