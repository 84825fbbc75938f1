using System.Text.Json.Serialization;
using Mofo.ML.Transforms;
using Mofo.ML.Transforms.Clips;

namespace Mofo.ML.Trainers;

/// <summary>Settings that pretraining and finetuning share.</summary>
/// <remarks>A trainer copies its options, so that changing them later changes nothing. Defaults are those of the paper's scripts, see the classes.</remarks>
public abstract class MofoTrainingOptions
{
    private protected MofoTrainingOptions()
    {
    }

    /// <summary>Size of the network and of the clips it takes.</summary>
    /// <value>
    /// Default: that of <see cref="InitialWeights"/> where there are any, else, in finetuning, that of the pretrained stage in the same chain which it starts from, else
    /// <see cref="VitConfig.Base"/>: 16 frames of 224 pixels, 86 million weights. On a CPU begin with something smaller.
    /// </value>
    public VitConfig Model
    {
        get => ModelAsked ?? VitConfig.Base;
        set => ModelAsked = value;
    }

    /// <summary>The size as it was set; null where it was left alone.</summary>
    internal VitConfig? ModelAsked { get; private set; }

    /// <summary>Passes over the data.</summary>
    /// <value>Pretraining 800, finetuning 50 by default; at least 1. All epochs together have at most 2,147,483,591 steps.</value>
    public int Epochs { get; set; }

    /// <summary>Clips in one optimiser step (with <see cref="AccumulationSteps"/>: in one part of it).</summary>
    /// <value>Default 16; in [1, 4096]. A smaller data set makes smaller batches.</value>
    public int BatchSize { get; set; } = 16;

    /// <summary>Batches whose gradients are summed before the optimiser steps.</summary>
    /// <value>Default 1; in [1, 1024].</value>
    public int AccumulationSteps { get; set; } = 1;

    /// <summary>Learning rate for 256 videos per step; the effective rate depends on the videos in a step as <see cref="LearningRateScaling"/> says.</summary>
    /// <value>
    /// Pretraining 1.5e-4, finetuning 5e-4 by default; above 0, at most 10. Videos are counted, not the clips cut from them (<see cref="ClipsPerVideo"/>): 16 clips of 8 videos have
    /// the rate of 8. VideoMAE counts so; VideoMAE V2 counts clips. An effective rate below 5e-5 is named in the log.
    /// </value>
    public double BaseLearningRate { get; set; }

    /// <summary>How the learning rate follows the number of videos in a step.</summary>
    /// <value>Default <see cref="Trainers.LearningRateScaling.Linear"/>, as the paper's scripts.</value>
    public LearningRateScaling LearningRateScaling { get; set; } = LearningRateScaling.Linear;

    /// <summary>Where the cosine ends, scaled like <see cref="BaseLearningRate"/>.</summary>
    /// <value>Pretraining 1e-5, finetuning 1e-6 by default; in [0, <see cref="BaseLearningRate"/>].</value>
    public double MinLearningRate { get; set; }

    /// <summary>Epochs in which the rate rises linearly from 0.</summary>
    /// <value>Pretraining 40, finetuning 5 by default, but never more than a tenth of <see cref="Epochs"/> unless set; in [0, <see cref="Epochs"/>].</value>
    public double? WarmupEpochs { get; set; }

    /// <summary>Decoupled weight decay of AdamW for matrices (not for biases and norms).</summary>
    /// <value>Default 0.05; in [0, 1].</value>
    public double WeightDecay { get; set; } = 0.05;

    /// <summary>Weight decay that a half cosine leads to from <see cref="WeightDecay"/> over the run.</summary>
    /// <value>Default null: the decay stays as it is. In [0, 1].</value>
    public double? WeightDecayEnd { get; set; }

    /// <summary>Gradients are scaled down to this total norm.</summary>
    /// <value>Default null: no clipping. Above 0 and finite otherwise.</value>
    public double? GradientClip { get; set; }

    /// <summary>Frames between two sampled ones where clips are cut densely.</summary>
    /// <value>Default 2 (Something-Something); Kinetics uses 4; in [1, 64].</value>
    public int FrameStride { get; set; } = 2;

    /// <summary>Clips cut from a video each time it is decoded (repeated sampling, Hoffer et al. 2020); they share a batch, and an epoch has that many times more clips.</summary>
    /// <value>
    /// Default 1; in [1, 64], and <see cref="BatchSize"/>, which counts clips, must be a multiple of it. Saves decoding where that is what training waits for. It does not raise the
    /// learning rate, see <see cref="BaseLearningRate"/>.
    /// </value>
    public int ClipsPerVideo { get; set; } = 1;

    /// <summary>Whether the clips of one video show the same frames, each augmented by itself, or each draws its own frames.</summary>
    /// <value>Default false: own frames. VideoMAE's repeated augmentation (<c>num_sample</c>) shows the same ones; <c>MofoFinetuningOptions.Ucf101</c> does too.</value>
    public bool ClipsShareFrames { get; set; }

    /// <summary>Whether clips may be mirrored at random; wrong where left and right make the class (Something-Something).</summary>
    /// <value>Default false.</value>
    public bool HorizontalFlip { get; set; }

    /// <summary>Number type of the matrix products; weights stay in float32.</summary>
    /// <value>Default <see cref="Trainers.Precision.Auto"/>: bfloat16 where the hardware has it.</value>
    public Precision Precision { get; set; } = Precision.Auto;

    /// <summary>
    /// Weights to start from: a <c>.pth</c>, a <c>.safetensors</c>, a HuggingFace folder (also in shards), or a saved pipeline <c>.zip</c>. A head for other classes is left out;
    /// positions are interpolated to the clips of <see cref="Model"/> where the file says which it was trained at. The log says both.
    /// </summary>
    /// <value>Default null. Not kept in saved models, which hold the weights themselves.</value>
    [JsonIgnore]
    public string? InitialWeights { get; set; }

    /// <summary>Folder for checkpoints. Where it holds one of the same training, <c>Fit</c> resumes from there and ends in the weights of an uninterrupted run.</summary>
    /// <value>Default null: none are written. Each training needs a folder of its own; one of other options, data or starting weights is refused.</value>
    [JsonIgnore]
    public string? CheckpointFolder { get; set; }

    /// <summary>Epochs between two checkpoints; one more is written at the end and on cancellation.</summary>
    /// <value>Default 1; at least 1.</value>
    public int CheckpointEvery { get; set; } = 1;

    /// <summary>Minutes after which a checkpoint is written within an epoch, counted from the last one.</summary>
    /// <value>Default 15; at least 0 (after every step) and finite, null for none within epochs.</value>
    public double? CheckpointMinutes { get; set; } = 15;

    /// <summary>How many checkpoints stay, the newest.</summary>
    /// <value>Default 2, so that a damaged one costs one interval; in [1, 1000]. Each takes three to five times the weights.</value>
    public int CheckpointsKept { get; set; } = 2;

    /// <summary>Folder for TensorBoard event files; a subfolder <c>pretraining</c> or <c>finetuning</c> is made in it.</summary>
    /// <value>Default null: none are written. A file that cannot be written any more (a full disk) is given up with a warning; the training goes on.</value>
    [JsonIgnore]
    public string? TensorBoardFolder { get; set; }

    /// <summary>What happens to a video that cannot be read.</summary>
    /// <value>Default <see cref="BadVideoHandling.Throw"/>.</value>
    public BadVideoHandling OnBadVideo { get; set; } = BadVideoHandling.Throw;

    /// <summary>Threads that decode and augment ahead of the network.</summary>
    /// <value>Default 0: half of the processors, at least one. In [0, 256].</value>
    public int DecodeThreads { get; set; }

    /// <summary>Threads of the network itself while training.</summary>
    /// <value>
    /// Default 0: one for each processor that the process may use (a container's quota counts), or what the environment's OMP_NUM_THREADS says; a resumed run takes the number that its checkpoint was made
    /// with. In [0, 1024]. Resuming is exact to the bit with the same number only.
    /// </value>
    public int ComputeThreads { get; set; }

    /// <summary>Memory for decoded frames, so that a small data set is decoded once and not in every epoch; in a chain with motion detection, once for all its stages.</summary>
    /// <remarks>
    /// On a CPU the frames are taken while <c>DetectMotion</c> upstream decodes them, and a finetuning behind a pretraining in the same chain takes over the frames of that; they wait 30 seconds for it.
    /// Videos that are held out for validation are decoded once more.
    /// </remarks>
    /// <value>
    /// Default 0 MiB: frames are decoded again in every epoch. In [0, 1048576]. Frames are then reduced to one and a half times the input size. On a GPU it is the card's memory, which must have
    /// that much free beside the network (CUDA's out-of-memory error ends the training), and clips are cut there, unless augmentation needs the pixels on the host (RandAugment, <see cref="Mofo.ML.Research.MaskingMotion.FrameDifferences"/>).
    /// </value>
    public int ClipMemory { get; set; }

    /// <summary>Folder for decoded frames, so that a data set is decoded once and not in every epoch, nor in the next run.</summary>
    /// <value>
    /// Default null: none are kept. Frames are reduced as with <see cref="ClipMemory"/>, which must then be 0, and take three bytes a pixel: some 45 MB for a video of
    /// 100 frames at an input size of 224, 2 MB at 48. Files are named by the content of the videos; nothing is ever removed.
    /// </value>
    [JsonIgnore]
    public string? ClipCacheFolder { get; set; }

    /// <summary>Clips in one pass of the finished model; bounds its memory.</summary>
    /// <value>Default 8; in [1, 1024].</value>
    public int ScoringBatchSize { get; set; } = 8;

    /// <summary>Seed of weights, masks, order and augmentation.</summary>
    /// <value>Default null: the MLContext's seed, 0 where it has none.</value>
    public int? Seed { get; set; }

    /// <summary>Stops training within one step.</summary>
    /// <value>Default <see cref="CancellationToken.None"/>.</value>
    [JsonIgnore]
    public CancellationToken CancellationToken { get; set; }

    /// <summary>Threads that train together on this machine's processor, each on its share of every batch; their gradients are summed. In [0, 256].</summary>
    /// <value>
    /// Default 1; the recipes for small networks take 0: one for each of <see cref="ComputeThreads"/> up to four, for networks narrower than 384 on a CPU, else 1. Two or more train a small network faster than the threads of torch do, which wait for one another at every product: each worker has
    /// <see cref="ComputeThreads"/> / <see cref="Workers"/> of those. The result is that of one worker up to the order in which gradients are summed, and the same bits in every run with this
    /// number. Every worker has a copy of the network; a batch needs two videos for each. On a GPU, and beside a <see cref="World"/>, it must be 1 or 0.
    /// </value>
    public int Workers { get; set; } = 1;

    /// <summary>The processes that train this model together, one of which this is; every one of them runs the same program on the same data.</summary>
    /// <value>
    /// Default null: this process trains alone. <see cref="BatchSize"/> counts the clips of all processes together, and the result is that of one process up to the order in
    /// which gradients are summed. The package Mofo.ML.Distributed makes worlds from MPI; docs/many-machines.md says more.
    /// </value>
    [JsonIgnore]
    public TrainingWorld? World { get; set; }

    /// <summary>How large videos may be, and how long opening one or reading a frame may take.</summary>
    /// <value>Default: see <see cref="Mofo.ML.Transforms.VideoLimits"/>.</value>
    [JsonIgnore]
    public VideoLimits VideoLimits { get; set; } = new();

    /// <summary>Receives a report for every step, on the training thread. Of several processes only rank 0 reports.</summary>
    /// <value>Default null.</value>
    [JsonIgnore]
    public IProgress<TrainingProgress>? Progress { get; set; }

    /// <summary>Receives every warning of the log, in training and from the finished stage: videos that cannot be read, stored frames that are damaged. Called on several threads.</summary>
    /// <value>Default null.</value>
    [JsonIgnore]
    public Action<string>? Warning { get; set; }

    /// <summary>The effective warm-up.</summary>
    internal double WarmupInForce(double usual) => WarmupEpochs ?? Math.Min(usual, Epochs * 0.1);

    /// <summary>The learning rate of a step with this number of videos.</summary>
    internal double Scaled(double rate, int videosPerStep) =>
        LearningRateScaling == LearningRateScaling.Linear ? rate * videosPerStep / 256 : rate * Math.Sqrt(videosPerStep / 256.0);

    /// <summary>What belongs to a run of the finished stage.</summary>
    internal MofoRunOptions ScoringRun => new() { Warning = Warning, VideoLimits = VideoLimits };

    /// <summary>The processes that train together; this one alone where the options name none.</summary>
    internal TrainingWorld WorldInForce => World ?? TrainingWorld.Alone;

    internal int DecodeThreadsInForce => ClipLoaderOptions.WorkersFor(DecodeThreads);

    /// <summary>Whether all that is done with the pixels of a clip before the network can be done where the network is.</summary>
    internal abstract bool CutsOnDevice { get; }

    /// <summary>Names of the settings that change nothing of the trained weights: they cost time, memory or place, or belong to the finished stage.</summary>
    [JsonIgnore]
    internal virtual IReadOnlyCollection<string> WithoutEffect =>
    [
        nameof(CheckpointEvery), nameof(CheckpointMinutes), nameof(CheckpointsKept), nameof(DecodeThreads), nameof(ComputeThreads), nameof(Workers), nameof(ScoringBatchSize), nameof(Seed),
        nameof(ClipMemory), nameof(Precision),
    ];

    /// <summary>Whether frames are kept between epochs, and reduced for it.</summary>
    internal bool KeepsFrames => ClipMemory > 0 || ClipCacheFolder is not null;

    private protected void AddProblems(OptionProblems problems)
    {
        var model = new List<string>();
        problems.Require(Model is not null, $"{nameof(Model)} is null; it must be a VitConfig.");
        Model?.AddProblems(model);
        model.ForEach(problem => problems.Require(false, problem));
        VideoLimits.Validate(problems, VideoLimits);
        problems.InRange(Epochs, 1, int.MaxValue);
        problems.InRange(BatchSize, 1, 4096);
        problems.InRange(AccumulationSteps, 1, 1024);
        problems.InRange(ClipsPerVideo, 1, 64);
        problems.Require(
            ClipsPerVideo < 1 || BatchSize % ClipsPerVideo == 0, Invariant($"{nameof(BatchSize)} is {BatchSize}; it must be a multiple of {nameof(ClipsPerVideo)} ({ClipsPerVideo})."));
        problems.Require(BaseLearningRate is > 0 and <= 10, Invariant($"{nameof(BaseLearningRate)} is {BaseLearningRate}; it must be above 0 and at most 10."));
        problems.InRange(MinLearningRate, 0, Math.Max(0, BaseLearningRate));
        problems.Defined(LearningRateScaling);
        problems.Require(WarmupEpochs is null || (WarmupEpochs >= 0 && WarmupEpochs <= Epochs), Invariant($"{nameof(WarmupEpochs)} is {WarmupEpochs}; it must be in [0, {Epochs}]."));
        problems.InRange(WeightDecay, 0, 1);
        problems.Require(WeightDecayEnd is null or (>= 0 and <= 1), Invariant($"{nameof(WeightDecayEnd)} is {WeightDecayEnd}; it must be in [0, 1], or null for a constant decay."));
        problems.Require(GradientClip is null or (> 0 and <= double.MaxValue), Invariant($"{nameof(GradientClip)} is {GradientClip}; it must be above 0 and finite, or null for none."));
        problems.InRange(FrameStride, 1, 64);
        problems.Defined(Precision);
        problems.Defined(OnBadVideo);
        problems.InRange(CheckpointEvery, 1, int.MaxValue);
        problems.Require(
            CheckpointMinutes is null or (>= 0 and <= double.MaxValue), Invariant($"{nameof(CheckpointMinutes)} is {CheckpointMinutes}; it must be at least 0 and finite, or null for none within epochs."));
        problems.InRange(CheckpointsKept, 1, 1000);
        problems.NullOrNotBlank(CheckpointFolder, "a path, or null for no checkpoints");
        problems.NullOrNotBlank(TensorBoardFolder, "a path, or null for no event files");
        problems.InRange(ComputeThreads, 0, 1024);
        problems.InRange(DecodeThreads, 0, 256);
        problems.InRange(Workers, 0, 256);
        problems.InRange(ClipMemory, 0, 1 << 20);
        problems.NullOrNotBlank(ClipCacheFolder, "a path, or null for no cache");
        problems.Require(ClipCacheFolder is null || ClipMemory == 0, Invariant($"{nameof(ClipMemory)} is {ClipMemory} and there is a {nameof(ClipCacheFolder)}; only one of them may be given."));
        problems.InRange(ScoringBatchSize, 1, 1024);
        problems.Require(
            InitialWeights is null || File.Exists(InitialWeights) || Directory.Exists(InitialWeights), $"{nameof(InitialWeights)} is '{InitialWeights}'; there is no such file or folder.");
    }
}
