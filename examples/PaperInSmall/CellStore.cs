using System.Text.Json;

namespace PaperInSmall;

/// <summary>Finished cells as files: a run that was interrupted goes on where it stopped.</summary>
internal sealed class CellStore(Settings settings)
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    /// <summary>Names everything that a cell's result depends on beside row and seed, so that other budgets do not mix.</summary>
    public static string KeyOf(Settings settings, string set) => set == Settings.Rendered
        ? $"{set}-{settings.ClipsPerClass}-{settings.Input}-p{settings.PretrainEpochs}-f{settings.Epochs}"
        : $"{set}-{settings.Input}-p{settings.PretrainEpochs}-f{settings.Epochs}";

    public CellResult? Find(string set, PaperRow row, int seed) =>
        File.Exists(PathOf(set, row, seed)) ? JsonSerializer.Deserialize<CellResult>(File.ReadAllText(PathOf(set, row, seed))) : null;

    public void Keep(CellResult result, PaperRow row)
    {
        var path = PathOf(result.Set, row, result.Seed);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path + ".partial", JsonSerializer.Serialize(result, Json));
        File.Move(path + ".partial", path, overwrite: true);
    }

    private string PathOf(string set, PaperRow row, int seed) =>
        Path.Combine(settings.Out, "cells", $"{KeyOf(settings, set)}-{row.FileName}-seed{seed}.json");
}
