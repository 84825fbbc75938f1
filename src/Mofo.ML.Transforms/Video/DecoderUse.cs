namespace Mofo.ML.Transforms.Video;

/// <summary>What a decoder is opened for.</summary>
internal enum DecoderUse
{
    /// <summary>The coded packets; nothing is decoded.</summary>
    Packets,

    /// <summary>Pictures, by one thread: a stage reads many videos at a time, which together keep all cores busy.</summary>
    SmallPictures,

    /// <summary>Pictures so large that a video of them is worth a thread on every core.</summary>
    LargePictures,
}
