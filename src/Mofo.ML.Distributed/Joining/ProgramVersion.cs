using System.Runtime.InteropServices;

namespace Mofo.ML.Distributed.Joining;

/// <summary>What must be the same on all machines for processes to work together, in words.</summary>
internal static class ProgramVersion
{
    /// <summary>The build of the program and of each assembly that takes part (its module version, which any change alters), and the runtime.</summary>
    public static string Describe()
    {
        Type[] types = [typeof(MpiWorld), typeof(Mofo.ML.Trainers.TrainingWorld), typeof(Mofo.ML.Transforms.MotionBox), typeof(TorchSharp.torch), typeof(Microsoft.ML.MLContext)];
        var program = System.Reflection.Assembly.GetEntryAssembly();
        var assemblies = types.Select(type => type.Assembly).Concat(program is null ? [] : [program]).Distinct().Select(assembly => $"{assembly.GetName().Name} {assembly.GetName().Version} ({assembly.ManifestModule.ModuleVersionId:N})");
        return string.Join("\n", assemblies.Append($"{RuntimeInformation.FrameworkDescription}"));
    }

    /// <summary>The first line in which two descriptions differ; null where they are equal.</summary>
    public static string? Difference(string first, string other)
    {
        var pairs = first.Split('\n').Zip(other.Split('\n'));
        return pairs.Where(pair => pair.First != pair.Second).Select(pair => $"it runs {pair.Second}, and rank 0 runs {pair.First}").FirstOrDefault();
    }
}
