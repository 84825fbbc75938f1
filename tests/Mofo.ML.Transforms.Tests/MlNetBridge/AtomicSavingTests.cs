using Microsoft.ML;

namespace Mofo.ML.Transforms.Tests.MlNetBridge;

/// <summary>Saving a model as a whole or not at all.</summary>
public sealed class AtomicSavingTests : IDisposable
{
    private readonly Video.TemporaryFolder _folder = new();
    private readonly MLContext _ml = new(seed: 1);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_saved_loads_like_a_model_of_ML_NETs_own_saving()
    {
        var view = ScriptedView.Once([]);
        var model = _ml.Transforms.DetectMotion(options: new MotionDetectionOptions { Window = 5 }).Fit(view);
        var path = _folder.File(Path.Combine("new", "model.zip"));
        _ml.Model.SaveMofoModel(model, view.Schema, path);
        var loaded = new MLContext().Model.Load(path, out var schema);
        Assert.Equal(view.Schema.Select(column => column.Name), schema.Select(column => column.Name));
        Assert.Equal(5, ((MotionDetectionTransformer)loaded).Options.Window);
        Assert.Equal([path], Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void A_stage_that_fails_while_it_is_saved_leaves_the_earlier_model()
    {
        var path = _folder.File("model.zip");
        File.WriteAllText(path, "the earlier model");
        var view = ScriptedView.Once([]);

        // ML.NET refuses to save a mapping without a name.
        var nameless = _ml.Transforms.CustomMapping<Row, Mapped>((row, mapped) => mapped.Length = row.VideoPath.Length, contractName: null);
        Assert.ThrowsAny<Exception>(() => _ml.Model.SaveMofoModel(_ml.Transforms.DetectMotion().Append(nameless).Fit(view), view.Schema, path));
        Assert.Equal("the earlier model", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void Arguments_are_checked()
    {
        var view = ScriptedView.Once([]);
        Assert.Throws<ArgumentNullException>(() => _ml.Model.SaveMofoModel(null!, view.Schema, "x.zip"));
        Assert.Throws<ArgumentException>(() => _ml.Model.SaveMofoModel(_ml.Transforms.DetectMotion().Fit(view), view.Schema, " "));
    }

    private sealed class Row
    {
        public string VideoPath { get; set; } = "";
    }

    private sealed class Mapped
    {
        public float Length { get; set; }
    }
}
