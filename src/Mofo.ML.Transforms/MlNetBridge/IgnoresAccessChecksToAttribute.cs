namespace System.Runtime.CompilerServices;

/// <summary>Honoured by the runtime: this assembly may use the internal members of the named one.</summary>
/// <remarks>The runtime knows the attribute by name only; it is not in the class library, so it is declared here.</remarks>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class IgnoresAccessChecksToAttribute(string assemblyName) : Attribute
{
    public string AssemblyName { get; } = assemblyName;
}
