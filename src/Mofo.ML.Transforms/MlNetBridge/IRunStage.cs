namespace Mofo.ML.Transforms.MlNetBridge;

/// <summary>A stage that takes new settings for the passes to come.</summary>
internal interface IRunStage
{
    /// <param name="options">Validated, and a copy of the caller's.</param>
    void Use(MofoRunOptions options);
}
