using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Mofo.ML.EndToEnd.Tests.Docs;

/// <summary>Every C# block of the documentation compiles against the libraries as they are.</summary>
public sealed class ExamplesCompileTests
{
    /// <summary>What a console project has by itself.</summary>
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    /// <summary>The names that the text round a fragment introduces; a block that begins with <c>using</c> is a whole program and gets none.</summary>
    private const string Surroundings = """
        global using Microsoft.ML;
        global using Microsoft.ML.Data;
        global using Mofo.ML.Research;
        global using Mofo.ML.Trainers;
        global using Mofo.ML.Transforms;
        global using static Given;

        internal static class Given
        {
            public static MLContext ml = new(seed: 1);
            public static IDataView train = null!;
            public static IDataView test = null!;
            public static ITransformer model = null!;
        }
        """;

    private static readonly Lazy<MetadataReference[]> References = new(() =>
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path))]);

    public static TheoryData<string, int> Blocks()
    {
        var blocks = new TheoryData<string, int>();
        foreach (var file in Documents())
        {
            foreach (var (line, _) in CSharpBlocks(file))
            {
                blocks.Add(Path.GetRelativePath(SourceTree.Root!, file), line);
            }
        }

        return blocks;
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Blocks))]
    public void Compiles(string document, int line)
    {
        var code = CSharpBlocks(Path.Combine(SourceTree.Root!, document)).Single(block => block.Line == line).Code;
        var compilation = CSharpCompilation.Create(
            "Example",
            [CSharpSyntaxTree.ParseText(code), CSharpSyntaxTree.ParseText(ImplicitUsings), CSharpSyntaxTree.ParseText(IsProgram(code) ? "" : Surroundings)],
            References.Value,
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
        Assert.Empty(compilation.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error).Select(d => d.ToString()));
    }

    [Fact]
    public void The_readme_has_an_example()
    {
        Assert.SkipWhen(SourceTree.Root is null, "The sources are not here.");
        Assert.NotEmpty(CSharpBlocks(Path.Combine(SourceTree.Root, "README.md")));
    }

    private static bool IsProgram(string code) => code.StartsWith("using ", StringComparison.Ordinal);

    private static IEnumerable<string> Documents() => SourceTree.Root is not { } root
        ? []
        : Directory.EnumerateFiles(root, "*.md", SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(root, file).Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin" or "results"));

    /// <summary>The fenced blocks marked csharp and the line (from 1) where each begins.</summary>
    private static IEnumerable<(int Line, string Code)> CSharpBlocks(string file)
    {
        var lines = File.ReadAllLines(file);
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].TrimStart() == "```csharp")
            {
                var end = Array.FindIndex(lines, i + 1, line => line.TrimStart() == "```");
                yield return (i + 1, string.Join('\n', lines[(i + 1)..end]));
                i = end;
            }
        }
    }
}
