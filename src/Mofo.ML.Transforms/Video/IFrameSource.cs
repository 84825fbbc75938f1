namespace Mofo.ML.Transforms.Video;

/// <summary>Where frames come from, in order: a container file or a folder of images.</summary>
internal interface IFrameSource : IDisposable
{
    VideoFile Facts { get; }

    /// <summary>Moves to the next frame (the first call: to the first one); false at the end.</summary>
    bool MoveNext();

    /// <summary>The frame moved to, converted now.</summary>
    Frame Current();

    /// <summary>Back to before the first frame.</summary>
    void Rewind();
}
