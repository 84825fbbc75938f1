using Mofo.ML.Trainers.Pretraining;

namespace Mofo.ML.Trainers.Reports;

/// <summary>A reconstruction as a picture in the page.</summary>
internal static class ReconstructionSection
{
    public static string Of(string caption, Reconstruction made)
    {
        var picture = Convert.ToBase64String(ReconstructionRows.ToWebP(made));
        return $"<section><h2>Reconstruction</h2><figure class=\"wide\"><img alt=\"original, visible part and reconstruction\" src=\"data:image/webp;base64,{picture}\"><figcaption>{HtmlText.Of(caption)}</figcaption></figure></section>";
    }
}
