using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace ActionRecognition.CommandLine;

/// <summary>What the library warns of: it goes to ML.NET's log, which nobody sees who does not ask for it.</summary>
internal static class LoggedWarnings
{
    /// <summary>Begins the warning of a training without weights, which is no news where a comparison asks for such a training.</summary>
    public const string OfRandomWeights = "Training starts from random weights";

    /// <summary>Prints the warnings of a context to stderr.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="expected">How a warning begins that is left out; null to print all.</param>
    public static void Print(MLContext ml, string? expected = null) => ml.Log += (_, message) =>
    {
        if (message.Kind >= ChannelMessageKind.Warning && (expected is null || !message.RawMessage.StartsWith(expected, StringComparison.Ordinal)))
        {
            Console.Error.WriteLine(message.Message);
        }
    };
}
