namespace Mofo.ML.Trainers.Model;

/// <summary>The tokens of a clip along time, height and width; token index = (slice * Rows + row) * Columns + column.</summary>
/// <param name="Slices">Time slices.</param>
/// <param name="Rows">Patches from top to bottom.</param>
/// <param name="Columns">Patches from left to right.</param>
internal readonly record struct TokenGrid(int Slices, int Rows, int Columns)
{
    public int Tokens => Slices * Rows * Columns;
}
