using System.Buffers.Binary;

namespace Mofo.ML.Transforms.Video.Containers;

/// <summary>The part of an mp4 display matrix that turns and mirrors: x' = a x + c y, y' = b x + d y (ISO/IEC 14496-12, 6.2.2).</summary>
internal readonly record struct DisplayMatrix(double A, double B, double C, double D)
{
    private const double One = 1 << 16; // 16.16 fixed point

    public static DisplayMatrix Identity { get; } = new(1, 0, 0, 1);

    /// <summary>The picture's orientation; a matrix that turns by no right angle counts as the nearest one.</summary>
    public PictureOrientation Orientation
    {
        get
        {
            if (A == 0 && B == 0 && C == 0 && D == 0)
            {
                return PictureOrientation.AsCoded; // no matrix at all
            }

            return Math.Abs(A) + Math.Abs(D) >= Math.Abs(B) + Math.Abs(C)
                ? new(Transposed: false, FlippedX: A < 0, FlippedY: D < 0)
                : new(Transposed: true, FlippedX: C < 0, FlippedY: B < 0);
        }
    }

    /// <summary>First the one on the left, then the one on the right: the track's, then the movie's.</summary>
    public static DisplayMatrix operator *(DisplayMatrix first, DisplayMatrix second) => new(
        (first.A * second.A) + (first.B * second.C),
        (first.A * second.B) + (first.B * second.D),
        (first.C * second.A) + (first.D * second.C),
        (first.C * second.B) + (first.D * second.D));

    /// <summary>Reads the 36 bytes of a matrix box: a b u, c d v, x y w.</summary>
    public static DisplayMatrix Of(ReadOnlySpan<byte> matrix) => new(At(matrix, 0), At(matrix, 1), At(matrix, 3), At(matrix, 4));

    private static double At(ReadOnlySpan<byte> matrix, int index) => BinaryPrimitives.ReadInt32BigEndian(matrix[(index * 4)..]) / One;
}
