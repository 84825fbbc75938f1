using Mono.Cecil;

namespace Mofo.ML.EndToEnd.Tests.Architecture;

/// <summary>No tensor operation is given a bare number; see KeptScalar for what goes wrong otherwise.</summary>
public class ScalarLifetimeTests
{
    private static readonly HashSet<string> Numbers = ["System.Single", "System.Double", "System.Int32", "System.Int64", "System.Byte"];

    [Fact]
    public void Numbers_reach_torch_only_as_scalars_that_stay_alive()
    {
        using var assembly = AssemblyDefinition.ReadAssembly(typeof(Mofo.ML.Trainers.VitConfig).Assembly.Location);
        var offences =
            from type in assembly.MainModule.GetTypes()
            from method in type.Methods
            where method.HasBody
            from instruction in method.Body.Instructions
            where instruction.Operand is MethodReference called && IsUnsafe(called)
            select $"{method.FullName} calls {instruction.Operand}";
        Assert.Empty(offences);
    }

    private static bool IsUnsafe(MethodReference called) => called.DeclaringType.FullName switch
    {
        // The implicit conversion makes an object that nobody holds.
        "TorchSharp.Scalar" => called.Name == "op_Implicit",

        // Operators with a number, and square(), do the same inside.
        "TorchSharp.torch/Tensor" => called.Name == "square" || called.Name == "square_"
            || (called.Name.StartsWith("op_", StringComparison.Ordinal) && called.Parameters.Any(p => Numbers.Contains(p.ParameterType.FullName))),
        _ => false,
    };
}
