using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace Mofo.ML.Transforms.MlNetBridge;

/// <summary>Refuses an ML.NET whose internals this assembly was not built against, before anything fails with a message that explains nothing.</summary>
/// <remarks>The packages ask for the same range; a program can override it with a reference of its own, which NuGet only warns of.</remarks>
internal static class MlNetVersion
{
    /// <summary>The first version that is accepted.</summary>
    public static readonly Version First = new(5, 0, 1);

    /// <summary>The first version after it that is not.</summary>
    public static readonly Version End = new(5, 1, 0);

#pragma warning disable CA2255 // Loading a saved model reaches this assembly by reflection, past every public entry point.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Check()
    {
        // The bridge derives from types of these two; the assembly version of every ML.NET is 1.0.0.0.
        Require(typeof(IHostEnvironment).Assembly);
        Require(typeof(MLContext).Assembly);
    }

    private static void Require(Assembly assembly)
    {
        var said = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        if (!IsAccepted(said))
        {
            throw new NotSupportedException(
                $"Mofo.ML works with ML.NET from {First} to below {End} (it uses internals of ML.NET); this program has " +
                $"{assembly.GetName().Name} {said ?? "of an unknown version"}. Reference Microsoft.ML {First}.");
        }
    }

    /// <summary>Whether a version as ML.NET's assemblies state it (<c>5.0.1+commit</c>) is in the range.</summary>
    internal static bool IsAccepted(string? informationalVersion) =>
        informationalVersion?.Split('+')[0] is { } version && Version.TryParse(version, out var parsed) && parsed >= First && parsed < End;
}
