namespace ActionRecognition.Rendering;

/// <summary>Everything that decides the pixels of the rendered data set; two equal records give the same clips.</summary>
internal sealed record DataSetOptions
{
    /// <summary>Raised when the drawing changes, so that an older rendering is not taken for this one.</summary>
    public int Version { get; init; } = 2;

    public int Seed { get; init; } = 1;

    /// <summary>Frame size in pixels; even, as video codecs want it.</summary>
    public int Width { get; init; } = 160;

    public int Height { get; init; } = 120;

    public int Frames { get; init; } = 24;

    public double FramesPerSecond { get; init; } = 30;

    public int TrainClipsPerClass { get; init; } = 150;

    public int TestClipsPerClass { get; init; } = 24;

    /// <summary>Farthest that the camera strays from its middle position, as a part of the frame's width.</summary>
    public double CameraReach { get; init; } = 0.08;

    /// <summary>Up to this many things lie still in the background of a clip.</summary>
    public int StillThings { get; init; } = 2;
}
