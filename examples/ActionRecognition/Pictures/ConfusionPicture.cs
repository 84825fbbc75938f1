using OpenCvSharp;

namespace ActionRecognition.Pictures;

/// <summary>Draws a confusion matrix: a row per true class, a column per predicted one.</summary>
internal static class ConfusionPicture
{
    private const int Margin = 16;

    /// <summary>Writes the matrix as PNG.</summary>
    /// <param name="classes">Names, in the order of rows and columns.</param>
    /// <param name="counts">Clips per true class (row) and predicted class (column).</param>
    /// <param name="path">The file.</param>
    public static void Save(IReadOnlyList<string> classes, IReadOnlyList<IReadOnlyList<double>> counts, string path)
    {
        // Numbers need 24 pixels; sets of many classes get a picture of colours alone.
        var cell = Math.Clamp(1200 / classes.Count, 8, 46);
        var rows = classes.Select((name, i) => cell < 16 ? "" : $"{name}  {i + 1}").ToArray();
        var (left, top) = (Margin + rows.Max(name => Canvas.WidthOf(name)) + 12, Margin + 50);
        var side = cell * classes.Count;
        using var canvas = new Canvas(Math.Max(left + side + Margin, 560), top + side + Margin);
        canvas.Text("Confusion on the test clips (rows: truth, columns: prediction)", Margin, Margin + 14, size: 0.5);
        for (var row = 0; row < classes.Count; row++)
        {
            canvas.Text(rows[row], left - 8, top + (row * cell) + (cell / 2) + 5, anchor: 1);
            canvas.Text(cell < 24 ? "" : $"{row + 1}", left + (row * cell) + (cell / 2), top - 8, anchor: 0.5);
            var total = Math.Max(1, counts[row].Sum());
            for (var column = 0; column < classes.Count; column++)
            {
                DrawCell(canvas, new Rect(left + (column * cell), top + (row * cell), cell, cell), counts[row][column], total, row == column);
            }
        }

        canvas.Save(path);
    }

    private static void DrawCell(Canvas canvas, Rect area, double count, double total, bool right)
    {
        var share = count / total;
        var full = right ? (Red: 25, Green: 110, Blue: 60) : (Red: 190, Green: 40, Blue: 40);
        int Mix(int part) => (int)Math.Round(255 - ((255 - part) * share));
        canvas.Fill(area, Canvas.Rgb(Mix(full.Red), Mix(full.Green), Mix(full.Blue)));
        canvas.Frame(area, Canvas.Faint);
        if (area.Width >= 24)
        {
            var ink = share > 0.5 ? Canvas.Grey(255) : count > 0 ? Canvas.Ink : Canvas.Faint;
            canvas.Text(count.ToString("0"), area.X + (area.Width / 2.0), area.Y + (area.Height / 2.0) + 5, anchor: 0.5, colour: ink);
        }
    }
}
