using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Mofo.ML.Distributed.Tests;

/// <summary>A copy of a program in which one assembly is of another build: the same code under another module version.</summary>
internal static class OtherBuild
{
    /// <summary>Files beyond this size are libraries of others, which a link will do for.</summary>
    private const long Copied = 32 << 20;

    /// <returns>The program of the copy.</returns>
    public static string Make(string folder, string program, string assembly)
    {
        Directory.CreateDirectory(folder);
        foreach (var entry in new DirectoryInfo(Path.GetDirectoryName(program)!).EnumerateFileSystemInfos())
        {
            var copy = Path.Combine(folder, entry.Name);
            if (entry is FileInfo { Length: < Copied } file)
            {
                file.CopyTo(copy);
            }
            else
            {
                _ = File.CreateSymbolicLink(copy, entry.FullName);
            }
        }

        ChangeModuleVersion(Path.Combine(folder, assembly));
        return Path.Combine(folder, Path.GetFileName(program));
    }

    private static void ChangeModuleVersion(string path)
    {
        var bytes = File.ReadAllBytes(path);
        using var image = new PEReader(new MemoryStream(bytes));
        var reader = image.GetMetadataReader();
        var version = reader.GetGuid(reader.GetModuleDefinition().Mvid).ToByteArray();
        var place = bytes.AsSpan().IndexOf(version);
        Guid.NewGuid().ToByteArray().CopyTo(bytes.AsSpan(place));
        File.WriteAllBytes(path, bytes);
    }
}
