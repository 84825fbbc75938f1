using System.Text.RegularExpressions;
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

    /// <summary>The names that the text round a fragment introduces; a block that begins with a <c>using</c> directive is a whole program and gets none.</summary>
    private const string Surroundings = """
        global using Microsoft.ML;
        global using Microsoft.ML.Data;
        global using Mofo.ML.Distributed;
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

    /// <summary>Page and line of every block; line 0 for a page whose blocks are one program.</summary>
    public static TheoryData<string, int> Blocks()
    {
        var blocks = new TheoryData<string, int>();
        foreach (var page in MarkdownPage.All)
        {
            foreach (var line in page.IsOneProgram ? [0] : page.CSharpBlocks.Select(block => block.Line))
            {
                blocks.Add(page.Name, line);
            }
        }

        return blocks;
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Blocks))]
    public void Compiles(string document, int line)
    {
        var blocks = new MarkdownPage(Path.Combine(SourceTree.Root!, document)).CSharpBlocks.ToList();
        var code = line == 0 ? string.Join('\n', blocks.Select(block => block.Code)) : blocks.Single(block => block.Line == line).Code;
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
        Assert.NotEmpty(new MarkdownPage(Path.Combine(SourceTree.Root, "README.md")).CSharpBlocks);
    }

    private static bool IsProgram(string code) => Regex.IsMatch(code, @"^using [A-Z][\w.]*;");
}
