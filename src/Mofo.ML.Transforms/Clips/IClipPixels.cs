namespace Mofo.ML.Transforms.Clips;

/// <summary>The pixels of one clip on their way into a batch: normalised floats for a CPU (<see cref="PixelBuffer"/>), or bytes for a device that normalises them itself.</summary>
internal interface IClipPixels : IDisposable;

/// <summary>Takes the pixels of a clip, which stays the caller's.</summary>
/// <param name="clip">The clip.</param>
/// <param name="normalization">Null for ImageNet's.</param>
internal delegate IClipPixels PixelMaker(Clip clip, PixelNormalization? normalization);
