using System.Collections.Concurrent;
using Mofo.ML.Transforms.Files;

namespace Mofo.ML.Transforms.Video;

/// <summary>Remembers for the life of the process what was found out about files, for as long as their length and time of change stay the same.</summary>
internal sealed class FileMemory<T>
    where T : class
{
    /// <summary>Beyond that many files all are forgotten: they are looked at again.</summary>
    private const int MostFiles = 1_000_000;

    private readonly ConcurrentDictionary<(string Path, long Length, DateTime Written), T> _known = new();

    /// <summary>What is known, or what <paramref name="find"/> finds now.</summary>
    /// <param name="path">Full path of a file that exists.</param>
    /// <param name="find">Called when nothing is known; whatever it throws is not remembered.</param>
    /// <param name="part">What is found out concerns this part of the file; empty for all of it.</param>
    public T Get(string path, Func<T> find, string part = "")
    {
        var file = new FileInfo(LinkedPath.Target(path)); // a link's own length and time stay when its target is written over
        if (!file.Exists)
        {
            return find();
        }

        var key = (path + part, file.Length, file.LastWriteTimeUtc);
        if (_known.TryGetValue(key, out var known))
        {
            return known;
        }

        if (_known.Count >= MostFiles)
        {
            _known.Clear();
        }

        return _known[key] = find();
    }
}
