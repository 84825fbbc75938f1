using Mofo.ML.Tests.Synthetic;

namespace Mofo.ML.Cli.Tests;

/// <summary>A folder with rendered clips of two classes, lists of them, and what a small training needs.</summary>
public sealed class ClipFolder : IDisposable
{
    /// <summary>A network that trains in seconds.</summary>
    public const string TinyNetwork = "micro,frames=4,depth=1,embed-dim=24,heads=3,decoder-dim=24,decoder-depth=1,decoder-heads=3";

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("mofo-cli-");
    private readonly Lazy<string> _finetuned;
    private readonly Lazy<string> _pretrained;

    public ClipFolder()
    {
        foreach (var (label, seed) in Enumerable.Range(0, 8).Select(i => (i % 2 == 0 ? "still" : "pan", i)))
        {
            var folder = _root.CreateSubdirectory(Path.Combine("clips", label)).FullName;
            var clip = SyntheticClip.Render(label == "still" ? CameraMotion.Still : CameraMotion.Pan, things: 1, seed, frames: 12, width: 96, height: 72);
            ClipFile.Write(clip.Frames, Path.Combine(folder, Invariant($"{label}{seed}.avi")));
        }

        File.WriteAllLines(PathOf("classes.txt"), ["still", "pan"]);
        File.WriteAllLines(PathOf("train.csv"), Enumerable.Range(0, 6).Select(Line));
        File.WriteAllLines(PathOf("test.csv"), Enumerable.Range(6, 2).Select(Line));
        _finetuned = new Lazy<string>(() => Train("finetune", "finetuned", "--test", PathOf("test.csv")));
        _pretrained = new Lazy<string>(() => Train("pretrain", "pretrained"));
    }

    /// <summary>One folder per class.</summary>
    public string Clips => PathOf("clips");

    /// <summary>One clip.</summary>
    public string Clip => PathOf("clips/still/still0.avi");

    /// <summary>The folder of a finished finetuning.</summary>
    public string Finetuned => _finetuned.Value;

    /// <summary>The folder of a finished pretraining.</summary>
    public string Pretrained => _pretrained.Value;

    public string PathOf(string name) => Path.Combine(_root.FullName, name);

    /// <summary>Arguments of a training of seconds.</summary>
    public string[] Training(string command, string output, int epochs = 2) =>
    [
        command, PathOf("train.csv"), "--classes", PathOf("classes.txt"), "--model", TinyNetwork, "--epochs", Invariant($"{epochs}"), "--batch-size", "2", "--compute-threads", "1",
        "--use-built-in-weights=false", "--out", PathOf(output),
    ];

    public void Dispose() => _root.Delete(recursive: true);

    private static string Line(int i) => i % 2 == 0 ? Invariant($"clips/still/still{i}.avi 0") : Invariant($"clips/pan/pan{i}.avi 1");

    private string Train(string command, string output, params string[] more)
    {
        var arguments = Training(command, output).Where(argument => command == "finetune" || !argument.StartsWith("--use-built-in", StringComparison.Ordinal));
        _ = Tool.Json([.. arguments, .. more]);
        return PathOf(output);
    }
}
