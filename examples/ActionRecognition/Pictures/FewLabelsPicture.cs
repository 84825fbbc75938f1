using ActionRecognition.Evaluation;
using OpenCvSharp;

namespace ActionRecognition.Pictures;

/// <summary>Draws what share of every class's clips is found with few labels, with and without pretraining.</summary>
internal static class FewLabelsPicture
{
    private const int Margin = 20;
    private const int BarHeight = 14;
    private const int RowHeight = 44;
    private const int Track = 420;
    private const double TitleSize = 0.5;

    private static readonly Scalar With = Canvas.Rgb(25, 95, 170);
    private static readonly Scalar Without = Canvas.Rgb(205, 150, 60);

    /// <summary>Writes the bars as PNG.</summary>
    public static void Save(FewLabels few, IReadOnlyList<string> classes, string path)
    {
        (string Name, double With, double Without)[] rows =
        [
            ("all classes", few.With, few.Without), .. classes.Select((name, i) => (name, few.RecallWith[i], few.RecallWithout[i])),
        ];
        var left = Margin + rows.Max(row => Canvas.WidthOf(row.Name)) + 12;
        var title = $"Held-back clips recognised after finetuning on {few.Labelled} labelled clips (at most {few.PerClass} a class)";
        using var canvas = new Canvas(Math.Max(left + Track + 70, Canvas.WidthOf(title, TitleSize) + (2 * Margin)), 96 + (rows.Length * RowHeight) + Margin);
        canvas.Text(title, Margin, 28, size: TitleSize);
        Legend(canvas, Margin, With, "from the pretrained network");
        Legend(canvas, Margin + 280, Without, "from nothing, same finetuning");
        for (var i = 0; i < rows.Length; i++)
        {
            var y = 88 + (i * RowHeight);
            canvas.Text(rows[i].Name, left - 10, y + BarHeight + 5, anchor: 1);
            Bar(canvas, left, y, rows[i].With, With);
            Bar(canvas, left, y + BarHeight + 2, rows[i].Without, Without);
        }

        canvas.Save(path);
    }

    private static void Legend(Canvas canvas, int x, Scalar colour, string text)
    {
        canvas.Fill(new Rect(x, 48, BarHeight, BarHeight), colour);
        canvas.Text(text, x + BarHeight + 8, 60);
    }

    private static void Bar(Canvas canvas, int x, int y, double share, Scalar colour)
    {
        canvas.Frame(new Rect(x, y, Track, BarHeight), Canvas.Faint);
        canvas.Fill(new Rect(x, y, (int)Math.Round(Track * share), BarHeight), colour);
        canvas.Text($"{share:0.00}", x + Track + 8, y + BarHeight - 2);
    }
}
