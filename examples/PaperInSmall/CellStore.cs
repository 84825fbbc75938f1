using System.Text.Json;

namespace PaperInSmall;

/// <summary>Finished cells as files: a run that was interrupted continues where it stopped.</summary>
internal sealed class CellStore(Settings settings)
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    /// <summary>The result of an earlier run with the same settings; null where there is none.</summary>
    public CellResult? Find(Cell cell) => File.Exists(PathOf(cell)) ? JsonSerializer.Deserialize<CellResult>(File.ReadAllText(PathOf(cell))) : null;

    public void Keep(Cell cell, CellResult result)
    {
        var path = PathOf(cell);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path + ".partial", JsonSerializer.Serialize(result, Json));
        File.Move(path + ".partial", path, overwrite: true);
    }

    private string PathOf(Cell cell) => Path.Combine(settings.Out, "cells", settings.Key, $"{cell.Set}-{cell.Row.FileName}-p{cell.PretrainingSeed}-f{cell.Seed}.json");
}
