namespace Mofo.ML.Transforms.MlNetBridge;

/// <summary>A stage that takes new settings for the passes to come.</summary>
internal interface IRunStage
{
    /// <param name="options">Checked, and nobody else's.</param>
    void Use(MofoRunOptions options);
}
