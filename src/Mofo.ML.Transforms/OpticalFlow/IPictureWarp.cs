namespace Mofo.ML.Transforms.OpticalFlow;

/// <summary>Samples the second picture where the flow points and makes the data term of TV-L1 of it.</summary>
internal interface IPictureWarp
{
    /// <summary>Takes the picture to warp, at most of the size that the instance was made for.</summary>
    void SetPicture(Plane picture);

    /// <summary>Fills the data term's planes for the flow in <paramref name="planes"/>.</summary>
    /// <param name="first">The picture that the flow starts from.</param>
    /// <param name="planes">X and Y are read; gradients, inverse norm and residual written.</param>
    void Warp(Plane first, in TvL1Planes planes);
}
