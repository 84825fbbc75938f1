using Mofo.ML.Trainers.Weights.Facts;

namespace Mofo.ML.Trainers.Tests.Weights.Facts;

public sealed class PreprocessorConfigTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mofo-preprocessor-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Without_a_file_there_is_no_rule() => Assert.Null(PreprocessorConfig.In(_folder, 224));

    [Theory]
    [InlineData("""{"size": 224, "image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225], "resample": 2, "do_resize": true, "do_normalize": true}""", 1.0, false)] // as MCG-NJU's folders
    [InlineData("""{"size": {"shortest_edge": 224}, "crop_size": {"height": 224, "width": 224}}""", 1.0, false)]
    [InlineData("""{"size": {"shortest_edge": 256}, "crop_size": 224}""", 0.875, false)]
    [InlineData("""{"size": {"height": 224, "width": 224}, "do_center_crop": false}""", 1.0, true)]
    [InlineData("""{"size": {"height": 256, "width": 256}, "crop_size": {"shortest_edge": 224, "longest_edge": 224}}""", 0.875, true)]
    [InlineData("{}", 1.0, false)]
    public void Sizes_are_read_in_all_their_forms(string json, double share, bool stretch)
    {
        var rule = Rule(json);
        Assert.Equal((share, stretch), (rule.CropShare, rule.Stretch));
        Assert.Empty(rule.Remarks);
    }

    [Fact]
    public void A_crop_without_a_size_is_cut_out_of_224_pixels_as_transformers_does()
    {
        File.WriteAllText(Path.Combine(_folder, "preprocessor_config.json"), """{"crop_size": 112}""");
        Assert.Equal(0.5, PreprocessorConfig.In(_folder, 112)!.CropShare);
    }

    [Fact]
    public void Missing_mean_and_deviation_are_those_of_transformers()
    {
        var rule = Rule("{}");
        Assert.Equal(([0.5f, 0.5f, 0.5f], [0.5f, 0.5f, 0.5f], 1.0 / 255), (rule.Normalization.Mean, rule.Normalization.StandardDeviation, rule.Normalization.Scale), Same);
    }

    [Theory]
    [InlineData("""{"do_normalize": false}""", new float[] { 0, 0, 0 }, new float[] { 1, 1, 1 }, 1.0 / 255)]
    [InlineData("""{"do_rescale": false, "image_mean": 127.5, "image_std": [127.5, 127.5, 127.5]}""", new[] { 127.5f, 127.5f, 127.5f }, new[] { 127.5f, 127.5f, 127.5f }, 1.0)]
    [InlineData("""{"rescale_factor": 0.5, "image_mean": [1, 2, 3], "image_std": [4, 5, 6]}""", new float[] { 1, 2, 3 }, new float[] { 4, 5, 6 }, 0.5)]
    public void Normalisation_is_read(string json, float[] mean, float[] deviation, double scale)
    {
        var rule = Rule(json);
        Assert.Equal((mean, deviation, scale), (rule.Normalization.Mean, rule.Normalization.StandardDeviation, rule.Normalization.Scale), Same);
    }

    [Theory]
    [InlineData("""{"resample": 3}""", "resample 3 is done as bilinear")]
    [InlineData("""{"do_center_crop": false, "size": {"shortest_edge": 224}}""", "the middle of frames that are not square is cut out")]
    public void What_is_done_differently_is_said(string json, string remark) => Assert.Contains(remark, Assert.Single(Rule(json).Remarks));

    [Theory]
    [InlineData("{\"resample\": \"\\ud800\"}")]
    [InlineData("{\"\\udc00\": 1}")]
    [InlineData("{\"image_mean\": [0.5, {\"a\": 1, \"a\": 2}, 0.5]}")]
    public void Text_that_is_not_valid_and_names_that_stand_twice_are_found_when_the_file_is_read(string json) =>
        Assert.Contains("settings that cannot be read", Assert.Throws<WeightFileException>(() => Rule(json)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"do_resize": false}""", "do_resize = false")]
    [InlineData("""{"size": {"shortest_edge": 200}}""", "size = ")]
    [InlineData("""{"crop_size": 112}""", "crop_size = 112")]
    [InlineData("""{"size": {"height": 224, "width": 320}, "do_center_crop": false}""", "size = ")]
    [InlineData("""{"image_std": [0.5, 0, 0.5]}""", "image_std = ")]
    [InlineData("""{"image_mean": [0.5, 0.5]}""", "image_mean = ")]
    [InlineData("""{"rescale_factor": -1}""", "rescale_factor = -1")]
    public void What_cannot_be_done_is_refused_by_name(string json, string found)
    {
        var e = Assert.Throws<WeightFileException>(() => Rule(json));
        Assert.EndsWith("preprocessor_config.json", e.File);
        Assert.StartsWith(found, e.Found);
    }

    [Fact]
    public void Settings_for_videos_come_before_those_for_pictures()
    {
        File.WriteAllText(Path.Combine(_folder, "video_preprocessor_config.json"), """{"image_mean": [0.1, 0.2, 0.3]}""");
        Assert.Equal([0.1f, 0.2f, 0.3f], Rule("{}").Normalization.Mean);
    }

    private static bool Same((float[] Mean, float[] Deviation, double Scale) a, (float[] Mean, float[] Deviation, double Scale) b) =>
        a.Mean.SequenceEqual(b.Mean) && a.Deviation.SequenceEqual(b.Deviation) && Math.Abs(a.Scale - b.Scale) < 1e-12;

    private FrameRule Rule(string json)
    {
        File.WriteAllText(Path.Combine(_folder, "preprocessor_config.json"), json);
        return PreprocessorConfig.In(_folder, 224)!;
    }
}
