using System.Diagnostics.CodeAnalysis;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Model.Fusion;

/// <summary>The tokens inside the motion boxes of a batch, and how many they are at most, where the host knows it: asking a GPU would wait for all its work.</summary>
/// <param name="Inside">[B,N] bool.</param>
/// <param name="LargestInside">Most tokens inside in any clip; null where only the tensor knows.</param>
/// <param name="LargestContext">Most tokens that are attended to in any clip: those outside, or all where none is outside; null where only the tensor knows.</param>
internal sealed record RegionMask(Tensor Inside, int? LargestInside = null, int? LargestContext = null)
{
    /// <summary>A mask of which the host knows no more than the tensor.</summary>
    [return: NotNullIfNotNull(nameof(inside))]
    public static implicit operator RegionMask?(Tensor? inside) => inside is null ? null : new RegionMask(inside);
}
