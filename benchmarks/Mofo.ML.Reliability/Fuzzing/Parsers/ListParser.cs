using System.Text;
using Mofo.ML.Reliability.Fuzzing.Mutations;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.VideoLists;

namespace Mofo.ML.Reliability.Fuzzing.Parsers;

/// <summary>Lists of videos, names of classes, and annotations of EPIC-KITCHENS, from files as their readers take them.</summary>
internal sealed class ListParser : Parser
{
    private static readonly ListLog Quiet = new(_ => { }, _ => { });
    private static readonly string Annotations = "narration_id,participant_id,video_id,narration_timestamp,start_timestamp,stop_timestamp,start_frame,stop_frame,narration,verb,verb_class,noun,noun_class,all_nouns,all_noun_classes\n"
        + "P01_01_0,P01,P01_01,00:00:01.089,00:00:00.14,00:00:03.37,8,202,open door,open,3,door,3,['door'],[3]\nP01_01_1,P01,P01_01,00:00:02.629,00:00:04.37,00:00:06.17,262,370,\"turn on, light\",turn-on,6,light,114,\"['light', 'a']\",\"[114, 2]\"\n";

    private readonly DirectoryInfo _folder;
    private readonly string _file;
    private readonly string _classes;

    public ListParser(string scratch)
    {
        _folder = Directory.CreateDirectory(Path.Combine(scratch, "lists"));
        (_file, _classes) = (Path.Combine(_folder.FullName, "list.csv"), Path.Combine(_folder.FullName, "classes.txt"));
        File.WriteAllText(_classes, "swim\nrun\njump high\n");
        File.WriteAllBytes(Path.Combine(_folder.FullName, "a.mp4"), [1]);
    }

    public override string Name => "list";

    public override IReadOnlyList<byte[]> Seeds { get; } =
    [
        .. new[]
        {
            "a.mp4 0\nb.mp4 1\nc.mp4 2\n", "path,label\n\"a b.mp4\",swim\n\"c,d.mp4\",run\n", "a.mp4\tjump high\n\n# note\n#b.mp4 1\n", "\uFEFFa.mp4 0 -1\r\nb.mp4 0 -1\r\n", "video,start,end,label\na.mp4,0,1.5,swim\na.mp4,00:00:01.5,,run\n",
            "path,start_frame,end_frame,label\na.mp4,0,16,0\nb.mp4,16,,1\n", "a.mp4#t=1,2 0\nb.mp4#frames=3,9 1\n", "\"x\"\"y.mp4\" \"jump high\"\n", "video_path,label\na.mp4,0\n", "# only\n", Annotations,
        }.Select(Encoding.UTF8.GetBytes),
    ];

    public override IReadOnlyList<Mutation> Mutations => TextMutations.All;

    public override void Read(byte[] input)
    {
        File.WriteAllBytes(_file, input);
        if (input.AsSpan().IndexOf("participant"u8) >= 0)
        {
            _ = EpicKitchensReader.Read(_file, _folder.FullName, EpicLabel.Action, Quiet);
            return;
        }

        // With classes and without: the labels of the sound lists are indices, names, or both.
        _ = input.Length % 2 == 0 ? VideoListReader.Read(_file, null, _classes, Quiet) : VideoListReader.Read(_file, null, null, Quiet);
    }

    public override bool Documents(Exception error) => error is InvalidDataException;
}
