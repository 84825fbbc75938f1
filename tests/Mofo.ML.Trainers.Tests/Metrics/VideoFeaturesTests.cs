using Microsoft.ML;
using Microsoft.ML.Data;

namespace Mofo.ML.Trainers.Tests.Metrics;

public sealed class VideoFeaturesTests
{
    private readonly MLContext _ml = new();

    [Fact]
    public void Vectors_are_read_once_with_path_and_label_and_written_as_they_are()
    {
        var reads = 0;
        var view = _ml.Data.LoadFromEnumerable(Rows());
        var features = VideoFeatures.Read(view);
        Assert.Equal((2, 3, 1, 1), (features.Count, features.Size, features.Missing, reads));
        Assert.Equal(["a,b.mp4", "c.mp4"], features.VideoPaths);
        using var file = new TemporaryFile();
        features.SaveCsv(file.Path);
        Assert.Equal(["VideoPath,Label,Features0,Features1,Features2", "\"a,b.mp4\",run,0.1,-2.5,1E+10", "c.mp4,,NaN,NaN,NaN"], File.ReadAllLines(file.Path));
        features.SaveParquet(file.Path);
        Assert.Equal("PAR1"u8.ToArray(), File.ReadAllBytes(file.Path)[..4]);

        IEnumerable<Row> Rows()
        {
            reads++;
            yield return new Row { VideoPath = "a,b.mp4", Label = "run", Features = [0.1f, -2.5f, 1e10f] };
            yield return new Row { VideoPath = "c.mp4", Label = "", Features = [float.NaN, float.NaN, float.NaN] };
        }
    }

    [Fact]
    public void A_view_without_features_is_refused_with_the_names_of_its_columns() =>
        Assert.Contains("it has VideoPath, Label, Features", Assert.Throws<ArgumentException>(() => VideoFeatures.Read(_ml.Data.LoadFromEnumerable<Row>([]), "Embedding")).Message);

    private sealed class Row
    {
        public string VideoPath { get; set; } = "";

        public string Label { get; set; } = "";

        [VectorType(3)]
        public float[] Features { get; set; } = [];
    }
}
