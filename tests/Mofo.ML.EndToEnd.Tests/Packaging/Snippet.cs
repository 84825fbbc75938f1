using System.Text.RegularExpressions;

namespace Mofo.ML.EndToEnd.Tests.Packaging;

/// <summary>The pipeline of README.md as a program, with a network that trains in seconds.</summary>
internal static partial class Snippet
{
    /// <summary>What the program ends with: the saved file, loaded again, scores as the model did.</summary>
    public const string Ending = "The loaded model scores as the saved one did: True";

    /// <summary>Everything from a parenthesis to the one that closes it.</summary>
    private const string Arguments = @"\((?:[^()]|(?<open>\()|(?<-open>\)))*(?(open)(?!))\)";

    private const string SmallNetwork = """

        static class Small
        {
            static readonly Mofo.ML.Trainers.VitConfig Network = new()
            {
                ImageSize = 32, PatchSize = 8, Frames = 8, EmbedDim = 48, Depth = 2, Heads = 3, DecoderDim = 24, DecoderDepth = 1, DecoderHeads = 3,
            };

            public static Mofo.ML.Trainers.MofoPretrainingOptions Pretraining() => new() { Model = Network, Epochs = 1, BatchSize = 4 };

            public static Mofo.ML.Trainers.MofoFinetuningOptions Finetuning() => new() { Model = Network, Epochs = 1, BatchSize = 4 };
        }
        """;

    /// <summary>The first C# block of README.md that saves a model, with the README's pretraining stage in the chain; only the arguments of the two trainers are replaced.</summary>
    public static string Program()
    {
        Assert.SkipWhen(SourceTree.Root is null, "The sources are not here.");
        var readme = File.ReadAllText(Path.Combine(SourceTree.Root, "README.md"));
        var blocks = Block().Matches(readme).Select(match => match.Groups[1].Value).ToList();
        Assert.Contains(blocks, block => Pretraining().IsMatch(block));
        var (small, replaced) = (blocks.First(block => block.Contains("Model.SaveMofoModel")), 0);
        small = Detection().Replace(small, match => Replacement($"{match.Value}.Append(ml.Transforms.PretrainMofo(Small.Pretraining()))"));
        small = Finetuning().Replace(small, _ => Replacement("MofoFinetune(Small.Finetuning())"));
        Assert.True(replaced == 2, "The README's pipeline calls detection and the trainer in a way that this test does not know.");
        return $$"""
            {{small}}
            var scores = new[] { model, same }.Select(m => Microsoft.ML.Data.ColumnCursorExtensions.GetColumn<float[]>(m.Transform(test), "Score").SelectMany(row => row).ToArray()).ToArray();
            Console.WriteLine($"The loaded model scores as the saved one did: {scores[0].SequenceEqual(scores[1])}");
            {{SmallNetwork}}
            """;

        string Replacement(string call)
        {
            replaced++;
            return call;
        }
    }

    [GeneratedRegex(@"```csharp\r?\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"DetectMotion" + Arguments)]
    private static partial Regex Detection();

    [GeneratedRegex(@"PretrainMofo" + Arguments)]
    private static partial Regex Pretraining();

    [GeneratedRegex(@"MofoFinetune" + Arguments)]
    private static partial Regex Finetuning();
}
