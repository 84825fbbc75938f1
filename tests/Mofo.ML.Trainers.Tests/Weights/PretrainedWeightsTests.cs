using System.IO.Compression;
using Microsoft.ML;
using Mofo.ML.Trainers.Weights.BuiltIn;
using Mofo.ML.Transforms.MlNetBridge;

namespace Mofo.ML.Trainers.Tests.Weights;

public sealed class PretrainedWeightsTests
{
    [Fact]
    public void Weights_of_the_small_network_are_whole_and_fit_it_and_no_other()
    {
        var report = MofoWeights.CheckForPretraining(PretrainedWeights.Micro, VitConfig.Micro);
        Assert.True(report.IsComplete, report.ToString());
        Assert.True(MofoWeights.CheckForFinetuning(PretrainedWeights.Micro, VitConfig.Micro, 7).IsComplete);
        Assert.True(BuiltInWeights.Fit(VitConfig.Micro with { DecoderDepth = 1 }));
        Assert.False(BuiltInWeights.Fit(VitConfig.Micro with { Frames = 16 }));
        Assert.False(BuiltInWeights.Fit(VitConfig.Micro with { Input = ClipInput.Pixels }));
        Assert.False(BuiltInWeights.Fit(VitConfig.Tiny));
    }

    [Fact]
    public void A_copy_that_was_changed_is_written_again()
    {
        var path = PretrainedWeights.Micro;
        var whole = File.ReadAllBytes(path);
        using (var file = new FileStream(path, FileMode.Open, FileAccess.Write))
        {
            file.SetLength(100);
        }

        Assert.Equal(path, PretrainedWeights.Micro);
        Assert.Equal(whole, File.ReadAllBytes(path));
    }

    [Fact]
    public void A_pipeline_saved_before_the_types_had_their_present_names_loads_as_a_stage()
    {
        // The file was written by an earlier version; stages are found by the loader's name in it, not by the name of a type.
        var stage = Assert.IsType<MofoPretrainedTransformer>(Assert.Single(TransformerChains.Flatten(new MLContext().Model.Load(PretrainedWeights.Micro, out _))));
        Assert.Equal(VitConfig.Micro.EmbedDim, stage.Config.EmbedDim);
        stage.Dispose();
    }

    [Fact]
    public void Their_features_are_of_clips_cut_as_in_pretraining()
    {
        var ml = new MLContext();
        var copy = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            ml.Model.Save(ml.Model.Load(PretrainedWeights.Micro, out var schema), schema, copy);
            using var zip = ZipFile.OpenRead(copy);
            using var json = new StreamReader(Assert.Single(zip.Entries, entry => entry.Name == "stage.json").Open());
            Assert.Contains($"\"{nameof(MofoPretrainingOptions.FeatureSampling)}\": \"{Mofo.ML.Transforms.ClipSampling.Dense}\"", json.ReadToEnd(), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(copy);
        }
    }

    [Fact]
    public void Recipes_for_few_clips_start_from_them_and_published_presets_do_not()
    {
        Assert.True(MofoFinetuningOptions.SmallDataset.UseBuiltInWeights);
        Assert.False(MofoFinetuningOptions.SomethingSomethingV2.UseBuiltInWeights);
    }
}
