using System.Text.Json;

namespace PaperInSmall;

/// <summary>Finished cells as files: a run that was interrupted continues where it stopped.</summary>
/// <param name="folder">The folder of the files.</param>
/// <param name="name">The file's name for a cell, without extension.</param>
internal sealed class CellStore(string folder, Func<Cell, string> name)
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    /// <summary>The result of an earlier run with the same settings, clips and recipe; null where there is none.</summary>
    public CellResult? Find(Cell cell) => File.Exists(PathOf(cell)) ? JsonSerializer.Deserialize<CellResult>(File.ReadAllText(PathOf(cell))) : null;

    public void Keep(Cell cell, CellResult result)
    {
        var path = PathOf(cell);
        Directory.CreateDirectory(folder);
        File.WriteAllText(path + ".partial", JsonSerializer.Serialize(result, Json));
        File.Move(path + ".partial", path, overwrite: true);
    }

    private string PathOf(Cell cell) => Path.Combine(folder, $"{name(cell)}.json");
}
