using OpenCvSharp;

namespace ActionRecognition.Rendering;

/// <summary>One clip of the data set: what it shows, where it lies, and how it is written.</summary>
internal sealed record ClipFile(string Path, MotionClass Motion, int Seed)
{
    /// <summary>Every fourth clip is a Motion-JPEG .avi, the others MPEG-4 .mp4.</summary>
    public static ClipFile Of(DataSetOptions options, string split, MotionClass motion, int index)
    {
        var extension = index % 4 == 3 ? "avi" : "mp4";
        var ordinal = (((split == "train" ? 0 : 1) * 64) + (int)motion) * 65_536;
        // Neighbouring seeds give .NET's generator related first draws; a multiplication by an odd constant spreads them.
        var seed = unchecked(((options.Seed * 1_000_003) + ordinal + index) * (int)2_654_435_761u);
        return new ClipFile($"{split}/{MotionClasses.NameOf(motion)}_{index:000}.{extension}", motion, seed & int.MaxValue);
    }

    /// <summary>Films the clip into <paramref name="folder"/> and returns its true box in every frame.</summary>
    public double[][] Write(DataSetOptions options, string folder)
    {
        var file = System.IO.Path.Combine(folder, Path);
        var codec = file.EndsWith(".avi", StringComparison.Ordinal) ? "MJPG" : "mp4v";
        using var scene = new Scene(options, Motion, new Random(Seed));
        using var frame = new Mat();
        using var video = new VideoWriter(file, FourCC.FromString(codec), options.FramesPerSecond, new Size(options.Width, options.Height));
        if (!video.IsOpened())
        {
            throw new IOException($"The video {file} cannot be written: OpenCV found no encoder for {codec}, or the folder is not writable.");
        }

        var truth = new double[options.Frames][];
        for (var t = 0; t < options.Frames; t++)
        {
            scene.Render(t, frame);
            video.Write(frame);
            truth[t] = scene.TruthAt(t);
        }

        return truth;
    }
}
