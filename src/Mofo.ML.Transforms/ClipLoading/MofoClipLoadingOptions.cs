namespace Mofo.ML.Transforms;

/// <summary>Settings of the stage that cuts clips for an exported model. The model says how they are cut.</summary>
public sealed class MofoClipLoadingOptions : VideoStageOptions
{
    internal MofoClipLoadingOptions Copy() => CopyOf<MofoClipLoadingOptions>();
}
