using OpenCvSharp;

namespace Mofo.ML.Transforms.OpticalFlow;

/// <summary>Settings of Farneback's method; the defaults are those of OpenCV's algorithm class, which denseflow uses unchanged.</summary>
/// <param name="Levels">Pyramid levels, the full picture included.</param>
/// <param name="Scale">Size of a level relative to the one below.</param>
/// <param name="Window">Side of the averaging window in pixels.</param>
/// <param name="Iterations">Refinements on each level.</param>
/// <param name="Neighbourhood">Side of the area whose polynomial is fitted: 5 or 7.</param>
/// <param name="Sigma">Smoothing of the polynomial fit.</param>
internal sealed record FarnebackParameters(
    int Levels = 5, double Scale = 0.5, int Window = 13, int Iterations = 10, int Neighbourhood = 5, double Sigma = 1.1);

/// <summary>Farneback's polynomial-expansion flow (2003), the OpenCV implementation.</summary>
internal sealed class FarnebackFlow(int width, int height, FarnebackParameters? parameters = null) : IOpticalFlow
{
    private readonly FarnebackParameters _parameters = parameters ?? new FarnebackParameters();
    private readonly Mat _flow = new(height, width, MatType.CV_32FC2);

    public unsafe void Compute(ReadOnlySpan<byte> grayFrom, ReadOnlySpan<byte> grayTo, FlowField into)
    {
        FlowArguments.Check(width, height, grayFrom, grayTo, into);
        fixed (byte* from = grayFrom, to = grayTo)
        {
            using var first = Mat.FromPixelData(height, width, MatType.CV_8UC1, (nint)from);
            using var second = Mat.FromPixelData(height, width, MatType.CV_8UC1, (nint)to);
            var p = _parameters;
            Cv2.CalcOpticalFlowFarneback(first, second, _flow, p.Scale, p.Levels, p.Window, p.Iterations, p.Neighbourhood, p.Sigma, OpticalFlowFlags.None);
        }

        var pairs = new ReadOnlySpan<float>((void*)_flow.Data, width * height * 2);
        float[] x = into.X, y = into.Y;
        for (var i = 0; i < x.Length; i++)
        {
            x[i] = pairs[2 * i];
            y[i] = pairs[(2 * i) + 1];
        }
    }

    public void Dispose() => _flow.Dispose();
}
