// A host that loads a program as a plug-in, in a load context of its own, as the documentation of .NET shows:
// PluginHost PLUGIN.dll collectible|kept ARGUMENTS...
using System.Reflection;
using System.Runtime.Loader;

var context = new PluginContext(args[0], args[1] == "collectible");
var plugin = context.LoadFromAssemblyPath(args[0]);
return (int)plugin.EntryPoint!.Invoke(null, [args[2..]])!;

internal sealed class PluginContext(string path, bool collectible) : AssemblyLoadContext("plug-in", collectible)
{
    private readonly AssemblyDependencyResolver _resolver = new(path);

    protected override Assembly? Load(AssemblyName assemblyName) =>
        _resolver.ResolveAssemblyToPath(assemblyName) is { } file ? LoadFromAssemblyPath(file) : null;

    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } file ? LoadUnmanagedDllFromPath(file) : 0;
}
