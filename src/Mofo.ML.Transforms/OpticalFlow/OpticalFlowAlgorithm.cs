namespace Mofo.ML.Transforms;

/// <summary>How the motion of every pixel from one frame to the next is found.</summary>
public enum OpticalFlowAlgorithm
{
    /// <summary>Farneback's polynomial expansion, as OpenCV has it: half the time of TV-L1, and boxes that agree less with its boxes than those of DIS.</summary>
    Farneback,

    /// <summary>Duality-based TV-L1 (Zach, Pock, Bischof 2007): the paper's flow; sharper at object borders and many times slower.</summary>
    TvL1,

    /// <summary>Dense inverse search (Kroeger et al. 2016) at half the size, smoothed by TV-L1: the fastest, and of the fast ones the nearest to TV-L1. The default.</summary>
    Dis,
}
