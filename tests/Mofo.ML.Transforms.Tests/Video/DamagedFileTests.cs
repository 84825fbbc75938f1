using System.Diagnostics;
using Mofo.ML.Tests.Shared;

namespace Mofo.ML.Transforms.Tests.Video;

/// <summary>Spoilt copies of video files give frames or a <see cref="VideoException"/>; they are read in a process of their own, which a crash may take.</summary>
public sealed class DamagedFileTests : IDisposable
{
    private const int Sources = 8;
    private const long LargestSource = 700_000; // bytes: many small files tell more than a few large ones in the same time

    /// <summary>No file takes that long, on a machine under load either.</summary>
    private static readonly TimeSpan Hangs = TimeSpan.FromMinutes(5);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Rendered_files() => Check([RenderedVideo.Write(_folder.File("a.avi"), 12), RenderedVideo.Write(_folder.File("b.mp4"), 12), RenderedVideo.Write(_folder.File("c.mkv"), 12)]);

    [Fact]
    public void Real_files_of_every_container()
    {
        var files = Directory.GetFiles(RealVideos.PathOf("loose"), "*", SearchOption.AllDirectories).Select(path => new FileInfo(path)).Where(file => file.Length <= LargestSource);
        var smallestFirst = files.GroupBy(file => file.Extension).SelectMany(group => group.OrderBy(file => file.Length).Select((file, rank) => (file, rank)))
            .OrderBy(pair => pair.rank).ThenBy(pair => pair.file.Name, StringComparer.Ordinal).Select(pair => pair.file.FullName);
        Check([.. smallestFirst.Take(Sources)]);
    }

    private void Check(string[] sources)
    {
        var spoilt = Directory.CreateDirectory(_folder.File("spoilt")).FullName;
        for (var i = 0; i < sources.Length; i++)
        {
            FileDamage.WriteAll(sources[i], sources[(i + 1) % sources.Length], spoilt, seed: i);
        }

        var (lines, exitCode, errors) = ReadInOwnProcess(spoilt);
        var count = Directory.GetFiles(spoilt).Length;
        Assert.True(exitCode == 0 && lines.Length == count, $"ended with {exitCode} at file {lines.Length} of {count}, '{lines.LastOrDefault()}': {errors}");
        Assert.All(lines, line => Assert.Matches("\t(frames\t[1-9]|refused\tFile ')", line));

        // Damage that never shows, or that always does, would try nothing.
        Assert.Contains(lines, line => line.Contains("\tframes\t", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("\trefused\t", StringComparison.Ordinal));
    }

    private static (string[] Lines, int ExitCode, string Errors) ReadInOwnProcess(string folder)
    {
        using var process = Process.Start(VideoUserProgram.With(folder))!;
        var errors = process.StandardError.ReadToEndAsync();
        var lines = new List<string>();
        try
        {
            while (NextLine(process.StandardOutput) is { } line)
            {
                lines.Add(line);
            }
        }
        catch (OperationCanceledException)
        {
            // The program writes the name of a file before it begins: what is left is the name of the one that hangs.
            process.Kill(entireProcessTree: true);
            errors = Task.FromResult($"no file was done for {Hangs}, it hangs at '{process.StandardOutput.ReadToEnd()}'");
        }

        process.WaitForExit();
        return ([.. lines], process.ExitCode, errors.GetAwaiter().GetResult());
    }

    /// <summary>The line of the next file; null at the end.</summary>
    /// <exception cref="OperationCanceledException">There is none for too long.</exception>
    private static string? NextLine(StreamReader output)
    {
        using var patience = new CancellationTokenSource(Hangs);
        return output.ReadLineAsync(patience.Token).AsTask().GetAwaiter().GetResult();
    }
}
