using ActionRecognition.Evaluation;
using Microsoft.ML;
using Mofo.ML.Trainers;
using PaperInSmall;

namespace Mofo.ML.EndToEnd.Tests.Paper;

/// <summary>Networks and results of other clips or recipes are not taken for those of this run.</summary>
public sealed class RunNameTests : IDisposable
{
    private static readonly Cell Pretrained = new("egogest", PaperRow.All.First(row => row.IsPretrainedHere), 1, 2);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mofo-cells-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_network_depends_on_the_clips_of_its_pool_wherever_their_folder_is()
    {
        var name = Network(Names("/one", "a/1.mp4", "b/2.mp4"));
        Assert.StartsWith("real-RandomTubes-seed1-", name, StringComparison.Ordinal);
        Assert.Equal(name, Network(Names("/elsewhere/two", "a/1.mp4", "b/2.mp4")));
        Assert.NotEqual(name, Network(Names("/one", "a/1.mp4", "b/3.mp4")));
        Assert.NotEqual(name, Network(Names("/one", "a/1.mp4")));
    }

    [Fact]
    public void A_network_depends_on_what_its_recipe_trains_and_not_on_threads_or_memory()
    {
        var name = Network("clips");
        Assert.NotEqual(name, Network("clips", recipe => recipe.Epochs++));
        Assert.NotEqual(name, Network("clips", recipe => recipe.MaskRatio = 0.8));
        Assert.NotEqual(name, Network("clips", recipe => recipe.Model = recipe.Model with { Depth = 5 }));
        Assert.Equal(name, Network("clips", recipe => (recipe.ComputeThreads, recipe.ClipMemory, recipe.CheckpointMinutes, recipe.Workers) = (7, 7, 7, 7)));
    }

    [Fact]
    public void A_cell_depends_on_its_clips_and_labels_on_its_recipe_and_on_its_network()
    {
        var name = OfCell("clips", network: "network");
        Assert.StartsWith("egogest-videomae-p1-f2-", name, StringComparison.Ordinal);
        Assert.Equal(name, OfCell("clips", network: "network"));
        Assert.NotEqual(name, OfCell("others", network: "network"));
        Assert.NotEqual(name, OfCell("clips", network: "another"));
        Assert.NotEqual(name, OfCell("clips", network: null));
        Assert.NotEqual(name, OfCell("clips", network: "network", recipe => recipe.LayerDecay = 0.9));
        Assert.Equal(name, OfCell("clips", network: "network", recipe => recipe.ComputeThreads = 7));

        ListedClip clip = new() { VideoPath = "/set/a.mp4", Label = "opening" }, other = new() { VideoPath = "/set/a.mp4", Label = "closing" };
        Assert.NotEqual(RunName.HashOfClips("/set", [clip], labelled: true), RunName.HashOfClips("/set", [other], labelled: true));
        Assert.Equal(RunName.HashOfClips("/set", [clip], labelled: false), RunName.HashOfClips("/set", [other], labelled: false));
    }

    [Fact]
    public void A_finished_cell_is_found_by_the_run_with_the_same_name_alone()
    {
        var result = new CellResult("egogest", "VideoMAE", 1, 2, 0.5, 0.5, 0.1, 10, 1, 60);
        Store("clips").Keep(Pretrained, result);
        Assert.Equal(result, Store("clips").Find(Pretrained));
        Assert.Null(Store("others").Find(Pretrained));
    }

    private CellStore Store(string clips) => new(_folder.FullName, _ => OfCell(clips, network: null));

    private static string Names(string folder, params string[] clips) =>
        RunName.HashOfClips(folder, clips.Select(clip => new ListedClip { VideoPath = Path.Combine(folder, clip) }), labelled: false);

    private static string Network(string clips, Action<MofoPretrainingOptions>? change = null)
    {
        var recipe = MofoPretrainingOptions.For(100, VitConfig.Micro);
        change?.Invoke(recipe);
        return RunName.OfNetwork(Pretrained, new Pool("real", clips, 100, new Lazy<IDataView>(() => throw new InvalidOperationException("The clips were asked for."))), recipe);
    }

    private static string OfCell(string clips, string? network, Action<MofoFinetuningOptions>? change = null)
    {
        var recipe = MofoFinetuningOptions.For(100, pretrained: true, VitConfig.Micro);
        change?.Invoke(recipe);
        return RunName.OfCell(Pretrained, clips, recipe, network);
    }
}
