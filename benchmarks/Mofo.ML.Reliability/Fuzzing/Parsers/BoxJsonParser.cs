using System.Text;
using Mofo.ML.Reliability.Fuzzing.Mutations;
using Mofo.ML.Research;

namespace Mofo.ML.Reliability.Fuzzing.Parsers;

/// <summary>Box files of the original.</summary>
internal sealed class BoxJsonParser : Parser
{
    private const string Box = "{\"labels\":[{\"box2d\":{\"x1\":1,\"y1\":2.5,\"x2\":30,\"y2\":40e0},\"gt_annotation\":\"union\"}]}";

    public override string Name => "box-json";

    public override IReadOnlyList<byte[]> Seeds { get; } =
    [
        .. new[]
        {
            $"{{\"a\":[{Box},{Box}],\"b\":[{{\"labels\":[]}}]}}", $"[{{\"a\":[{Box}]}},{{\"b\":[{Box}]}}]", $"\uFEFF {{ \"caf\\u00e9 \\ud83d\\ude00\" : [ {Box} ] }} ",
            "{\"a\":[{\"name\":\"1.jpg\",\"labels\":[{\"id\":1,\"box2d\":{\"x1\":0,\"y1\":0,\"x2\":1,\"y2\":1}},{\"box2d\":{\"x1\":5,\"y1\":5,\"x2\":9,\"y2\":9}}]}]}",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    public override IReadOnlyList<Mutation> Mutations => JsonMutations.All;

    public override void Read(byte[] input) => _ = BoxJson.Parse(input, "boxes.json");

    public override bool Documents(Exception error) => error is InvalidDataException;
}
