using System.Text.Json;
using System.Text.Json.Nodes;

namespace Mofo.ML.Trainers.Weights;

/// <summary>Parses JSON files of others, and finds at once whatever is wrong with them.</summary>
/// <remarks>
/// <see cref="JsonNode"/> decodes texts and compares names when somebody asks for them: text that is no valid UTF-8 or UTF-16, or a name that stands there
/// twice, would raise other exceptions at some later place. Nesting deeper than 64 is refused by the parser itself.
/// </remarks>
internal static class StrictJson
{
    /// <exception cref="JsonException">This is no JSON, it names something twice, or a text in it is not valid.</exception>
    public static JsonNode? Parse(Stream json, bool allowTrailingCommas = false)
    {
        try
        {
            var root = JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { AllowTrailingCommas = allowTrailingCommas, AllowDuplicateProperties = false });
            ReadAll(root);
            return root;
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            throw new JsonException(e.Message, e);
        }
    }

    private static void ReadAll(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (_, value) in members)
                {
                    ReadAll(value);
                }

                break;
            case JsonArray items:
                foreach (var item in items)
                {
                    ReadAll(item);
                }

                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                _ = value.GetValue<string>();
                break;
            default:
                break;
        }
    }
}
