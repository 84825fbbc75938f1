using Mono.Cecil;

namespace Mofo.ML.EndToEnd.Tests.Architecture;

/// <summary>No tensor operation that this library calls works with a scalar without a reference; see KeptScalar for what goes wrong otherwise.</summary>
public class ScalarLifetimeTests
{
    private readonly Dictionary<string, bool> _known = [];

    [Fact]
    public void No_operation_in_use_makes_a_scalar_inside_itself()
    {
        using var resolver = new DefaultAssemblyResolver();
        resolver.AddSearchDirectory(AppContext.BaseDirectory);
        using var assembly = AssemblyDefinition.ReadAssembly(
            typeof(Mofo.ML.Trainers.VitConfig).Assembly.Location, new ReaderParameters { AssemblyResolver = resolver });
        var offences =
            from type in assembly.MainModule.GetTypes()
            from method in type.Methods
            where method.HasBody
            from called in Calls(method)
            where IsTorch(called) && MakesScalar(called)
            select $"{method.DeclaringType.Name}.{method.Name} calls {called.DeclaringType.Name}.{called.Name}({string.Join(", ", called.Parameters.Select(p => p.ParameterType.Name))})";
        Assert.Empty(offences.Distinct());
    }

    private static IEnumerable<MethodReference> Calls(MethodDefinition method) =>
        method.Body.Instructions.Select(i => i.Operand).OfType<MethodReference>();

    private static bool IsTorch(MethodReference called) => called.DeclaringType.FullName.StartsWith("TorchSharp.", StringComparison.Ordinal);

    /// <summary>Follows the call through TorchSharp's own code to the implicit conversion of a number, or to the reading of one through a Scalar.</summary>
    private bool MakesScalar(MethodReference called)
    {
        if (called is { Name: "op_Implicit", DeclaringType.FullName: "TorchSharp.Scalar" } or { Name: "ToScalar", DeclaringType.FullName: "TorchSharp.torch/Tensor" })
        {
            return true;
        }

        if (_known.TryGetValue(called.FullName, out var answer))
        {
            return answer;
        }

        // Until it is known, a method on the way to itself adds nothing.
        _known[called.FullName] = false;
        var body = IsTorch(called) ? called.Resolve() : null;
        return _known[called.FullName] = body is { HasBody: true } && Calls(body).Where(IsTorch).Any(MakesScalar);
    }
}
