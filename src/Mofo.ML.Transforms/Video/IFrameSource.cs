namespace Mofo.ML.Transforms.Video;

/// <summary>Where frames come from, in order: a container file, a folder of images, or a part of one.</summary>
internal interface IFrameSource : IDisposable
{
    VideoFile Facts { get; }

    /// <summary>When the frame moved to is shown, in seconds from the first one; null where the source has no clock.</summary>
    double? Seconds { get; }

    /// <summary>Moves to the next frame (the first call: to the first one); false at the end.</summary>
    bool MoveNext();

    /// <summary>The frame moved to, converted now.</summary>
    /// <param name="memory">Pixels of an earlier frame that nobody needs any more: a source may write into them where the size fits. Null where there are none.</param>
    Frame Current(byte[]? memory = null);

    /// <summary>Back to before the first frame.</summary>
    void Rewind();

    /// <summary>Goes to a frame at about this moment without decoding all that comes before; false where the source cannot, and stays where it was.</summary>
    /// <remarks>Whether it is near enough, <see cref="Seconds"/> of the next frame shows. After that, only <see cref="Rewind"/> leads to known places.</remarks>
    bool TrySeek(double seconds);
}
