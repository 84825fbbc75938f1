using Mofo.ML.Trainers.Drawing;
using Mofo.ML.Transforms.Drawing;

namespace Mofo.ML.Trainers.Reports;

/// <summary>A reconstruction as a picture in the page.</summary>
internal static class ReconstructionSection
{
    public static string Of(string caption, Reconstruction made)
    {
        using var picture = ReconstructionRows.Draw(made);
        return $"<section><h2>Reconstruction</h2><figure class=\"wide\"><img alt=\"original, visible part and reconstruction\" src=\"data:image/webp;base64,{Convert.ToBase64String(Picture.ToWebP(picture, 90))}\"><figcaption>{HtmlText.Of(caption)}</figcaption></figure></section>";
    }
}
