using Mofo.ML.Transforms.OpticalFlow;

namespace Mofo.ML.Transforms.Tests.OpticalFlow;

internal static class FlowError
{
    /// <summary>Mean length of the difference vectors, in pixels; a margin of border pixels may be left out.</summary>
    public static double MeanEndPointError(FlowField a, FlowField b, int margin = 0)
    {
        var sum = 0.0;
        for (var y = margin; y < a.Height - margin; y++)
        {
            for (var x = margin; x < a.Width - margin; x++)
            {
                var i = (y * a.Width) + x;
                sum += Math.Sqrt(Math.Pow(a.X[i] - b.X[i], 2) + Math.Pow(a.Y[i] - b.Y[i], 2));
            }
        }

        return sum / ((a.Width - (2 * margin)) * (a.Height - (2 * margin)));
    }
}
