using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Mofo.ML.Tests.Shared;

/// <summary>Copies of saved models with something changed in them.</summary>
internal static class ModelZip
{
    private const string Json = "stage.json";
    private const string Hash = "stage.sha256";

    /// <summary>A copy in which the entries of this name (or path) have been changed; null removes one.</summary>
    public static string Change(string model, string copy, string entryName, Func<byte[], byte[]?> change)
    {
        File.Copy(model, copy, overwrite: true);
        using var zip = ZipFile.Open(copy, ZipArchiveMode.Update);
        var names = zip.Entries.Where(e => e.Name == entryName || e.FullName == entryName).Select(e => e.FullName).ToList();
        Assert.NotEmpty(names);
        foreach (var name in names)
        {
            Replace(zip, name, change(Read(zip, name)));
        }

        return copy;
    }

    /// <summary>Full names of the JSON entries of all stages.</summary>
    public static IReadOnlyList<string> Stages(string model)
    {
        using var zip = ZipFile.OpenRead(model);
        return [.. zip.Entries.Where(e => e.Name == Json).Select(e => e.FullName)];
    }

    /// <summary>A copy in which the JSON of all stages has been edited and their hashes fit the edit.</summary>
    public static string EditStages(string model, string copy, Action<JsonNode> edit)
    {
        File.Copy(model, copy, overwrite: true);
        using var zip = ZipFile.Open(copy, ZipArchiveMode.Update);
        foreach (var stage in zip.Entries.Where(e => e.Name == Json).Select(e => e.FullName).ToList())
        {
            var json = JsonNode.Parse(Read(zip, stage))!;
            edit(json);
            ReplaceStage(zip, stage, json);
        }

        return copy;
    }

    /// <summary>Every edit of one value of a stage's JSON, as a copy of the model whose hash fits the edit: what nothing but the values themselves gives away.</summary>
    public static IEnumerable<(string Edit, string Copy)> Edits(string model, string stage, string copy)
    {
        var text = Encoding.UTF8.GetString(Entry(model, stage));
        foreach (var path in Paths(JsonNode.Parse(text)!, []))
        {
            foreach (var value in new[] { "null", "\"\"", "2147483647", "[null]", null })
            {
                var edited = JsonNode.Parse(text)!;
                Set(edited, path, value);
                File.Copy(model, copy, overwrite: true);
                using (var zip = ZipFile.Open(copy, ZipArchiveMode.Update))
                {
                    ReplaceStage(zip, stage, edited);
                }

                yield return ($"{stage}: {string.Join('.', path)} = {value ?? "(removed)"}", copy);
            }
        }
    }

    /// <summary>The bytes of one entry.</summary>
    public static byte[] Entry(string model, string name)
    {
        using var zip = ZipFile.OpenRead(model);
        return Read(zip, name);
    }

    private static byte[] Read(ZipArchive zip, string name)
    {
        using var stream = zip.GetEntry(name)!.Open();
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }

    private static void Replace(ZipArchive zip, string name, byte[]? bytes)
    {
        zip.GetEntry(name)?.Delete();
        if (bytes is not null)
        {
            using var stream = zip.CreateEntry(name).Open();
            stream.Write(bytes);
        }
    }

    private static IEnumerable<object[]> Paths(JsonNode? node, object[] path)
    {
        var inner = node switch
        {
            JsonObject values => values.SelectMany(pair => Paths(pair.Value, [.. path, pair.Key])),
            JsonArray items => items.Take(1).SelectMany(item => Paths(item, [.. path, 0])),
            _ => [],
        };
        return path.Length == 0 ? inner : inner.Prepend(path);
    }

    private static void Set(JsonNode root, object[] path, string? value)
    {
        var parent = path[..^1].Aggregate(root, (node, step) => step is string name ? node[name]! : node[(int)step]!);
        switch (path[^1])
        {
            case string name when value is null:
                _ = parent.AsObject().Remove(name);
                break;
            case string name:
                parent[name] = JsonNode.Parse(value);
                break;
            default:
                parent[0] = JsonNode.Parse(value ?? "null");
                break;
        }
    }

    private static void ReplaceStage(ZipArchive zip, string stage, JsonNode edited)
    {
        var json = Encoding.UTF8.GetBytes(edited.ToJsonString());
        Replace(zip, stage, json);
        Replace(zip, stage.Replace(Json, Hash), Encoding.UTF8.GetBytes(Convert.ToHexStringLower(SHA256.HashData(json))));
    }
}
