namespace Mofo.ML.Transforms.MotionMaps;

/// <summary>u = U + Uxx x + Uxy y, v = V + Vxx x + Vxy y in pixels per frame; x and y from the middle of the frame.</summary>
internal readonly record struct AffineField(float U, float Uxx, float Uxy, float V, float Vxx, float Vxy)
{
    public (float X, float Y) At(float x, float y) => (U + (Uxx * x) + (Uxy * y), V + (Vxx * x) + (Vxy * y));
}
