using System.Runtime.CompilerServices;
using Mono.Cecil;

namespace Mofo.ML.EndToEnd.Tests.Architecture;

/// <summary>Internal code that only a test calls is not part of the product: it goes, or the test gets it.</summary>
public sealed class UnusedCodeTests
{
    /// <summary>Members that nothing in <c>src</c> calls by name, and who does.</summary>
    private static readonly Dictionary<string, string> Reasons = new()
    {
        ["MpiWorld.Share(Int32, Func`2)"] = "The tool, which is not among the libraries here, shares out its videos with it.",
    };

    [Fact]
    public void Every_internal_method_has_a_caller_in_the_libraries()
    {
        var unused = Unused(Libraries()).ToList();
        Assert.True(unused.TrueForAll(Reasons.ContainsKey), string.Join('\n', unused.Where(name => !Reasons.ContainsKey(name))));
        Assert.Empty(Reasons.Keys.Except(unused));
    }

    [Fact]
    public void Every_internal_type_is_named_by_another()
    {
        var types = Libraries().SelectMany(file => AssemblyDefinition.ReadAssembly(file).MainModule.GetTypes()).ToList();
        var named = types.SelectMany(type => TypeUses.Of(type).Select(TypeUses.Outermost).Where(name => name != TypeUses.Outermost(type))).ToHashSet();
        var unused = types.Where(type => !type.IsNested && type.IsNotPublic && type.HasMethods && !IsGenerated(type) && type.BaseType?.Name != nameof(Attribute))
            .Where(type => type.FullName.StartsWith("Mofo.ML", StringComparison.Ordinal) && !type.FullName.Contains('<', StringComparison.Ordinal))
            .Where(type => !type.Methods.Any(method => method.CustomAttributes.Any(attribute => attribute.AttributeType.Name == nameof(ModuleInitializerAttribute)) || method == method.Module.EntryPoint))
            .Select(TypeUses.Outermost).Where(name => !named.Contains(name));
        Assert.True(!unused.Any(), string.Join('\n', unused));
    }

    private static IEnumerable<string> Libraries() =>
        Directory.GetFiles(AppContext.BaseDirectory, "Mofo.ML.*.dll").Where(file => !file.EndsWith("Tests.dll", StringComparison.Ordinal));

    /// <summary>Methods of these assemblies that are neither public nor called, as Type.Method.</summary>
    private static IEnumerable<string> Unused(IEnumerable<string> files)
    {
        var methods = files.SelectMany(file => AssemblyDefinition.ReadAssembly(file).MainModule.GetTypes()).SelectMany(type => type.Methods).ToList();
        var used = methods.Where(method => method.HasBody).SelectMany(method => method.Body.Instructions.Select(instruction => instruction.Operand).OfType<MethodReference>()
            .Select(called => NameOf(called.GetElementMethod())).Where(name => name != NameOf(method))).ToHashSet();
        return methods.Where(method => IsOurs(method) && !used.Contains(NameOf(method)))
            .Select(method => $"{method.DeclaringType.Name}.{method.Name}({string.Join(", ", method.Parameters.Select(parameter => parameter.ParameterType.Name))})").Distinct().Order(StringComparer.Ordinal);
    }

    /// <summary>A call names generic parameters by number and a declaration by name, so they are left out.</summary>
    private static string NameOf(MethodReference method) =>
        $"{method.DeclaringType.GetElementType().FullName}.{method.Name}({string.Join(", ", method.Parameters.Select(parameter => parameter.ParameterType.ContainsGenericParameter ? "T" : parameter.ParameterType.Name))})";

    /// <summary>Written by hand, reachable by a call alone, and not for the users of the library.</summary>
    private static bool IsOurs(MethodDefinition method) =>
        method.DeclaringType.FullName.StartsWith("Mofo.ML", StringComparison.Ordinal)
        && !IsPublic(method)
        && !method.IsVirtual && !method.IsConstructor && !method.IsSpecialName
        && !IsGenerated(method) && !IsGenerated(method.DeclaringType)
        && !IsOfAnInterface(method)
        && !method.Name.Contains('<', StringComparison.Ordinal) && !method.DeclaringType.FullName.Contains('<', StringComparison.Ordinal)
        && method.Name is not ("PrintMembers" or "Deconstruct" or "Create")
        && !method.CustomAttributes.Any(attribute => attribute.AttributeType.Name == nameof(ModuleInitializerAttribute))
        && method != method.Module.EntryPoint;

    /// <summary>Static methods are called through the interface that asks for them.</summary>
    private static bool IsOfAnInterface(MethodDefinition method) => method.IsStatic && method.DeclaringType.Interfaces
        .Any(face => face.InterfaceType.Scope == method.Module && face.InterfaceType.Resolve()?.Methods.Any(asked => asked.Name == method.Name) == true);

    private static bool IsGenerated(ICustomAttributeProvider member) =>
        member.HasCustomAttributes && member.CustomAttributes.Any(attribute => attribute.AttributeType.Name is nameof(CompilerGeneratedAttribute) or "GeneratedCodeAttribute");

    private static bool IsPublic(MethodDefinition method)
    {
        for (var type = method.DeclaringType; type is not null; type = type.DeclaringType)
        {
            if (!type.IsPublic && !type.IsNestedPublic && !type.IsNestedFamily)
            {
                return false;
            }
        }

        return method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;
    }
}
