using Mono.Cecil;

namespace Mofo.ML.EndToEnd.Tests.Architecture;

/// <summary>What the compiled code of a type names.</summary>
internal static class TypeUses
{
    /// <summary>Every type that a type's signatures and bodies name, as it is written in metadata.</summary>
    public static IEnumerable<TypeReference> Of(TypeDefinition type)
    {
        var named = type.Interfaces.Select(face => face.InterfaceType)
            .Concat(type.Fields.Select(field => field.FieldType))
            .Concat(type.Methods.SelectMany(InMethod));
        return (type.BaseType is { } parent ? named.Append(parent) : named).SelectMany(Parts);
    }

    /// <summary>The type in whose file a nested one stands, by full name without arity.</summary>
    public static string Outermost(TypeReference type)
    {
        while (type.DeclaringType is { } outer)
        {
            type = outer;
        }

        return $"{type.Namespace}.{type.Name.Split('`')[0]}";
    }

    private static IEnumerable<TypeReference> InMethod(MethodDefinition method)
    {
        var named = method.Parameters.Select(parameter => parameter.ParameterType).Append(method.ReturnType);
        if (!method.HasBody)
        {
            return named;
        }

        return named.Concat(method.Body.Variables.Select(variable => variable.VariableType)).Concat(method.Body.Instructions.SelectMany(instruction => instruction.Operand switch
        {
            TypeReference used => [used],
            GenericInstanceMethod used => used.GenericArguments.Append(used.DeclaringType),
            MemberReference used => used.DeclaringType is { } owner ? [owner] : Array.Empty<TypeReference>(),
            _ => [],
        }));
    }

    private static IEnumerable<TypeReference> Parts(TypeReference type) => type switch
    {
        GenericInstanceType generic => generic.GenericArguments.SelectMany(Parts).Append(generic.ElementType),
        GenericParameter or FunctionPointerType => [],
        TypeSpecification wrapped => Parts(wrapped.ElementType),
        _ => [type],
    };
}
