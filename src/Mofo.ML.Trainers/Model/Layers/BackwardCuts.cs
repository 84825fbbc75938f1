using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Model.Layers;

/// <summary>A backward pass in pieces: it stops at the input of chosen blocks, where the gradients of all weights from there on are complete, and goes on from there.</summary>
/// <remarks>
/// TorchSharp has no hooks on gradients. A cut detaches the tokens; the next piece starts with the gradient that the piece before left on them. Operations and the order of sums are
/// those of one piece, so gradients are the same to the bit. It takes that tokens are the only way from what lies before the block to the loss.
/// </remarks>
/// <param name="at">The blocks.</param>
internal sealed class BackwardCuts(IReadOnlySet<TransformerBlock> at) : IDisposable
{
    private readonly Stack<(TransformerBlock Block, Tensor Before, Tensor After)> _made = [];

    /// <summary>Whether forward passes are cut.</summary>
    public bool IsActive { get; set; }

    /// <summary>What a block takes in place of its tokens: other tokens where it is cut off, which belong to this object, as the given ones then do.</summary>
    public Tensor Before(TransformerBlock block, Tensor tokens)
    {
        if (!IsActive || !at.Contains(block) || !is_grad_enabled() || !tokens.requires_grad)
        {
            return tokens;
        }

        var after = tokens.detach().requires_grad_().DetachFromDisposeScope();
        _made.Push((block, tokens.DetachFromDisposeScope(), after));
        return after;
    }

    /// <summary>The whole backward pass.</summary>
    /// <param name="loss">A scalar of the last forward pass.</param>
    /// <param name="reached">Told each block where the pass stops, last block first: the gradients of its weights, and of those that follow, are complete.</param>
    public void Run(Tensor loss, Action<TransformerBlock> reached)
    {
        loss.backward();
        while (_made.TryPop(out var cut))
        {
            using var before = cut.Before;
            using var after = cut.After;
            reached(cut.Block);
            if (after.grad is { } gradient)
            {
                using (gradient)
                {
                    autograd.backward([before], [gradient]);
                }
            }
        }
    }

    /// <summary>Forgets a forward pass that no backward pass followed.</summary>
    public void Dispose()
    {
        while (_made.TryPop(out var cut))
        {
            cut.Before.Dispose();
            cut.After.Dispose();
        }
    }
}
