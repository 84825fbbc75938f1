using System.Diagnostics;

namespace Mofo.ML.Transforms.Tests.Video;

/// <summary>The program VideoUser, which runs in a process of its own.</summary>
internal static class VideoUserProgram
{
    /// <summary>How it is started; what it writes is read by the test.</summary>
    public static ProcessStartInfo With(string argument)
    {
        var host = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
        return new ProcessStartInfo(host, [Path.Combine(AppContext.BaseDirectory, "VideoUser.dll"), argument]) { RedirectStandardOutput = true, RedirectStandardError = true };
    }
}
