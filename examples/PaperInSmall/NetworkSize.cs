using Mofo.ML.Trainers;

namespace PaperInSmall;

/// <summary>The networks that the comparison can be made with.</summary>
internal enum NetworkSize
{
    /// <summary><see cref="VitConfig.Micro"/>: minutes on a core.</summary>
    Micro,

    /// <summary><see cref="VitConfig.Tiny"/>: minutes on a GPU.</summary>
    Tiny,
}
