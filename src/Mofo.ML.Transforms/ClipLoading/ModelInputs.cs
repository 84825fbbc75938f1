namespace Mofo.ML.Transforms.ClipLoading;

/// <summary>The inputs of an exported model for all test views of one video.</summary>
/// <param name="Pixels">[V,3,T,S,S], normalised.</param>
/// <param name="Boxes">[V,T,4], in pixels of the view.</param>
internal sealed record ModelInputs(float[] Pixels, float[] Boxes);
