namespace Mofo.ML.Transforms;

/// <summary>How far the detection of one video has come.</summary>
/// <param name="VideoPath">The video being read.</param>
/// <param name="FramesDone">Frames whose box is known.</param>
/// <param name="FramesExpected">Frames the container declares; 0 when it declares none. The real number may differ slightly.</param>
/// <param name="FromCache">The boxes came from the disk cache; nothing was computed.</param>
public sealed record MotionDetectionProgress(string VideoPath, int FramesDone, int FramesExpected, bool FromCache);
