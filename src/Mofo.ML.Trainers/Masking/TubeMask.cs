namespace Mofo.ML.Trainers.Masking;

/// <summary>Which tubes of a clip are hidden from the encoder; the same cells in every time slice.</summary>
internal sealed class TubeMask
{
    private readonly int[] _masked;
    private readonly int[] _visible;

    /// <summary>Splits the cells by their entry.</summary>
    /// <param name="masked">One entry per cell, true where it is hidden.</param>
    public TubeMask(ReadOnlySpan<bool> masked)
    {
        var hidden = masked.Count(true);
        _masked = new int[hidden];
        _visible = new int[masked.Length - hidden];
        for (int cell = 0, m = 0, v = 0; cell < masked.Length; cell++)
        {
            if (masked[cell])
            {
                _masked[m++] = cell;
            }
            else
            {
                _visible[v++] = cell;
            }
        }
    }

    /// <summary>Hidden cells, ascending.</summary>
    public ReadOnlySpan<int> Masked => _masked;

    /// <summary>Cells that the encoder sees, ascending.</summary>
    public ReadOnlySpan<int> Visible => _visible;

    /// <summary>Cells of the grid, hidden and seen.</summary>
    public int Cells => _masked.Length + _visible.Length;

    /// <summary>Writes the token indices of these cells in every time slice, ascending.</summary>
    /// <param name="cells"><see cref="Masked"/>, <see cref="Visible"/> or a part of them.</param>
    /// <param name="tokens">Room for slices * cells values.</param>
    public void WriteTokens(ReadOnlySpan<int> cells, Span<long> tokens)
    {
        var slices = cells.IsEmpty ? 0 : tokens.Length / cells.Length;
        for (var slice = 0; slice < slices; slice++)
        {
            for (var i = 0; i < cells.Length; i++)
            {
                tokens[(slice * cells.Length) + i] = ((long)slice * Cells) + cells[i];
            }
        }
    }
}
