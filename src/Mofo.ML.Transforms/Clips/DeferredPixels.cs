using System.Collections.Immutable;

namespace Mofo.ML.Transforms.Clips;

/// <summary>The pixels of a clip that lie on a device: which frames there, and what the steps of augmentation do to them. The device does it for a whole batch.</summary>
/// <param name="Frames">All frames of the video, as the device keeps them.</param>
/// <param name="Indices">The clip's frames.</param>
/// <param name="Edits">What is done with them, in this order.</param>
internal sealed record DeferredPixels(object Frames, int[] Indices, ImmutableArray<PixelEdit> Edits)
{
    /// <summary>The same, and then one thing more.</summary>
    public DeferredPixels Then(PixelEdit edit) => this with { Edits = Edits.Add(edit) };
}

/// <summary>One change of all frames of a clip.</summary>
internal abstract record PixelEdit;

/// <summary>The part inside a window, resized: bilinear, or by area from a factor of 2 on.</summary>
internal sealed record CropResizeEdit(CropWindow Window, int Width, int Height) : PixelEdit;

/// <summary>Left becomes right.</summary>
internal sealed record FlipEdit : PixelEdit;

/// <summary>A change of tone by a factor: 0 is the neutral picture, 1 changes nothing.</summary>
internal sealed record ToneEdit(Tone Tone, double Factor) : PixelEdit;

/// <summary>Which tone is changed.</summary>
internal enum Tone
{
    /// <summary>Neutral is black.</summary>
    Brightness,

    /// <summary>Neutral is the mean grey of a frame.</summary>
    Contrast,

    /// <summary>Neutral is the grey picture.</summary>
    Color,
}
