using Mofo.ML.Trainers.Pretraining;

namespace Mofo.ML.Trainers;

/// <summary>A clip, what the model saw of it, and what it made of that.</summary>
/// <param name="Size">Side of the square frames in pixels.</param>
/// <param name="Original">Frames as RGB bytes, row by row, <c>Size * Size * 3</c> each.</param>
/// <param name="Masked">The same with hidden tubes in grey.</param>
/// <param name="Rebuilt">The same with hidden tubes as the model reconstructed them.</param>
/// <param name="MaskedShare">Share of the tubes that was hidden.</param>
public sealed record Reconstruction(
    int Size, IReadOnlyList<byte[]> Original, IReadOnlyList<byte[]> Masked, IReadOnlyList<byte[]> Rebuilt, double MaskedShare)
{
    /// <summary>Writes three rows of frames: the clip, what the encoder saw, what the model rebuilt.</summary>
    /// <param name="path">The file, <c>.png</c>, <c>.jpg</c> or <c>.webp</c>; one that is there is replaced.</param>
    /// <exception cref="IOException">The file has another ending, or cannot be written.</exception>
    public void SavePicture(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        ReconstructionRows.Save(this, path);
    }
}
