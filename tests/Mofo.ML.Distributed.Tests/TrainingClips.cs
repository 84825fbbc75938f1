using Mofo.ML.Tests.Synthetic;
using Mofo.ML.Transforms;

namespace Mofo.ML.Distributed.Tests;

/// <summary>Rendered clips and their list in a folder of their own; written once for a test class.</summary>
public sealed class TrainingClips : IDisposable
{
    public const int Count = 26;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mofo-ranks-");

    public TrainingClips()
    {
        Mofo.ML.Trainers.NativeLoading.Register();
        for (var i = 0; i < Count; i++)
        {
            var clip = SyntheticClip.Render(CameraMotion.Still, things: 1, seed: i, frames: 8, width: 96, height: 72);
            _ = ClipFile.Write(clip.Frames, Path.Combine(_folder.FullName, Invariant($"clip{i}.avi")));
        }

        List = WriteList("list.txt", Enumerable.Range(0, Count).Select(i => Invariant($"clip{i}.avi class{i % 2}")));
    }

    public string List { get; }

    /// <summary>A list of the same folder.</summary>
    public string WriteList(string name, IEnumerable<string> lines)
    {
        File.WriteAllLines(In(name), lines);
        return In(name);
    }

    public string In(string name) => Path.Combine(_folder.FullName, name);

    public void Dispose() => _folder.Delete(recursive: true);
}
