using ActionRecognition.Baselines;
using ActionRecognition.CommandLine;
using ActionRecognition.Evaluation;
using ActionRecognition.Motion;
using ActionRecognition.Pictures;
using ActionRecognition.Rendering;
using ActionRecognition.Report;
using ActionRecognition.Training;
using Microsoft.ML;
using Microsoft.ML.Data;
using Mofo.ML.Cli.Output;
using Mofo.ML.Trainers;
using Mofo.ML.Transforms;

return Settings.Run(args, settings =>
{
    var report = new RunReport();
    var ml = new MLContext(settings.Seed) { GpuDeviceId = settings.Gpu };
    string Out(string name) => Path.Combine(settings.Out, name);

    report.Chapter("Clips");
    var folder = settings.Data ?? Out("clips");
    if (settings.Data is null)
    {
        var options = new DataSetOptions { Seed = settings.Seed, TrainClipsPerClass = settings.ClipsPerClass };
        var fresh = report.Watch(board => RenderedDataSet.Ensure(folder, options, new Relay<(int Done, int Total)>(
            clips => board.Tell("Rendering", (double)clips.Done / clips.Total, $"{clips.Done} of {clips.Total} clips"))));
        report.Say($"{(fresh ? "Rendered" : "Found the rendering of an earlier run with the same settings in")} {folder}");
    }

    IDataView Load(string list) => ml.Data.LoadVideoList(Path.Combine(folder, list), folder, Path.Combine(folder, "classes.txt"));
    ListedClip[] Listed(IDataView view) => [.. ml.Data.CreateEnumerable<ListedClip>(view, reuseRowObject: false)];
    var (train, test) = (Load("train.csv"), Load("test.csv"));
    // Clips without labels are learned from too, where there is a list of them.
    var extra = File.Exists(Path.Combine(folder, "unlabelled.txt")) ? Load("unlabelled.txt") : ml.Data.LoadFromEnumerable<ListedClip>([]);
    report.Say($"{Listed(train).Length} clips to learn from, {Listed(test).Length} held back, {Listed(train).DistinctBy(clip => clip.Label).Count()} classes");

    report.Chapter("Motion: where does something move that is not the camera?");
    var detection = Recipe.Detection(settings);
    string[] paths = [.. Listed(train).Concat(Listed(extra)).Concat(Listed(test)).Select(clip => clip.VideoPath).Distinct()];
    var survey = report.Watch(board => MotionSurvey.Take(paths, detection, settings.Strict, board));
    report.Bad(survey.Bad);
    IDataView Readable(IDataView view) => ml.Data.FilterByCustomPredicate<ListedClip>(view, clip => !survey.Tracks.ContainsKey(clip.VideoPath));
    (train, extra, test) = (Readable(train), Readable(extra), Readable(test));
    var truth = Truth.Find(folder);
    var heldBack = Listed(test).Select(clip => clip.VideoPath).Distinct().ToDictionary(path => path, path => survey.Tracks[path]);
    var overlap = truth?.MeanOverlap(heldBack);
    report.Say(overlap is null ? "The true boxes of these clips are not known." : $"Overlap with the true boxes of the held-back clips: {overlap:0.000}");

    report.Chapter("Learning: pretraining without labels, then finetuning with all labels, and with few");
    var prepare = ml.Transforms.DetectMotion(options: detection).Append(ml.Transforms.Conversion.MapValueToKey("Label")).Fit(train);
    IDataView Prepared(IDataView view) => ml.Data.Cache(prepare.Transform(view));
    var (learn, heldBackClips) = (Prepared(train), Prepared(test));
    ListedClip[] unlabelled = [.. Listed(train), .. Listed(extra)];
    var few = FewLabels.Take(Listed(train), settings.FewLabels);
    var fewLabelled = Prepared(ml.Data.LoadFromEnumerable(few));
    report.Say($"{unlabelled.Length} clips without labels; {Listed(train).Length} with labels, then only {few.Length} of them (at most {settings.FewLabels} a class)");
    var (pretrained, all, fewWith, fewWithout) = report.Watch(board =>
    {
        var learning = new Learning(settings, board);
        var pool = ml.Data.Cache(prepare.Transform(ml.Data.LoadFromEnumerable(unlabelled)));
        var first = learning.Pretrain(pool, unlabelled.Length);
        var (finetuned, (helped, alone)) = Learning.Both(
            () => learning.Finetune(first.Model, learn, Listed(train).Length),
            () => (learning.FinetuneOnFew(first.Model, fewLabelled, few.Length), learning.FinetuneOnFew(null, fewLabelled, few.Length)));
        return (first, finetuned, helped, alone);
    });
    TrainingLog[] logs = [pretrained.Log, all.Log, fewWith.Log, fewWithout.Log];
    foreach (var log in logs)
    {
        report.Say(log.Fall());
    }

    var model = prepare.Append(pretrained.Model).Append(all.Model).Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(all.Model.Transform(pretrained.Model.Transform(learn))));

    report.Chapter("How well it does on the held-back clips");
    var scored = ml.Data.Cache(model.Transform(test));
    var classes = ClassTable.NamesOf(scored);
    var metrics = ml.MulticlassClassification.Evaluate(scored, topKPredictionCount: Math.Min(5, classes.Count));
    report.Table(ClassTable.Columns, ClassTable.Rows(classes, metrics.ConfusionMatrix));
    report.Say($"Micro accuracy {metrics.MicroAccuracy:0.000}, macro accuracy {metrics.MacroAccuracy:0.000}, log loss {metrics.LogLoss:0.000}, " +
        $"top {metrics.TopKPredictionCount} accuracy {metrics.TopKAccuracy:0.000}");
    if (settings.Data is not null)
    {
        var baselines = BaselineScores.Measure(Listed(train), Listed(test));
        report.Say($"For comparison: most frequent class {baselines.MajorityClass:0.000}, ridge classifier on frame differences {baselines.DifferenceRidge:0.000}");
    }

    report.Chapter("What pretraining is worth where labels are few");
    MulticlassClassificationMetrics Judge(ITransformer classifier) => ml.MulticlassClassification.Evaluate(classifier.Transform(heldBackClips));
    var (with, without) = (Judge(fewWith.Model), Judge(fewWithout.Model));
    var fewLabels = new FewLabels(
        settings.FewLabels, few.Length, with.MicroAccuracy, without.MicroAccuracy, with.ConfusionMatrix.PerClassRecall, without.ConfusionMatrix.PerClassRecall);
    report.Table(FewLabels.Columns, fewLabels.Rows(classes));
    report.Say($"With {few.Length} labelled clips: {fewLabels.With:0.000} from the pretrained network, {fewLabels.Without:0.000} from nothing");

    report.Chapter("Saved, and loaded again");
    ml.Model.SaveMofoModel(model, train.Schema, Out("mofo.zip"));
    ml.Model.ConvertMofoToOnnx(model, Out("mofo.onnx"));
    var fresh2 = new MLContext();
    var same = ReloadCheck.Compare(ScoredClip.All(ml, model, test), ScoredClip.All(fresh2, fresh2.Model.Load(Out("mofo.zip"), out _), test));
    report.Say($"The loaded pipeline agrees on {same.Same} of {same.Clips} clips; scores differ by at most {same.LargestDifference:0.0e+0}.");

    report.Chapter("What to look at");
    var pictures = new PictureBook(Out("pictures"));
    pictures.Motion(detection, heldBack.Keys, truth);
    pictures.Reconstruction(pretrained.Model, heldBack);
    pictures.Losses(logs);
    pictures.FewLabels(fewLabels, classes);
    pictures.Confusion(classes, metrics.ConfusionMatrix);
    foreach (var file in (string[])[Out("mofo.zip"), Out("mofo.onnx"), .. pictures.Files])
    {
        report.Say(Path.GetFullPath(file));
    }

    RunReport.Results(overlap, metrics.MicroAccuracy, fewLabels);
});
