using Mofo.ML.Transforms;

namespace Mofo.ML.Trainers.Weights;

/// <summary>Refuses weights of a network that saw something else of its clips or knew other positions: their shapes would fit, and their scores mean nothing.</summary>
/// <remarks>Saved models, checkpoints and our own <c>.safetensors</c> tell what their network sees; see <see cref="InputFacts"/>. Other files are not checked.</remarks>
internal static class InputCompatibility
{
    /// <summary>Checks a file of weights against the option.</summary>
    /// <exception cref="MofoOptionsException">The networks of the file see something else or know other positions.</exception>
    public static void Require(string path, VitConfig asked, string optionsName)
    {
        foreach (var found in InputFacts.InFile(path))
        {
            Require(found, asked, path, optionsName);
        }
    }

    /// <summary>Checks a network against the option.</summary>
    /// <exception cref="MofoOptionsException">It sees something else or knows other positions.</exception>
    public static void Require(VitConfig found, VitConfig asked, string network, string optionsName) => Require(InputFacts.Of(found), asked, network, optionsName);

    private static void Require(InputFacts found, VitConfig asked, string network, string optionsName)
    {
        var problems = new List<string>();
        if (found.Input != asked.Input)
        {
            problems.Add($"Model.Input is {asked.Input}; the weights of {network} were trained on {found.Input}, so it must be {found.Input} too.");
        }

        if (found.Positions != asked.Positions)
        {
            problems.Add($"Model.Positions is {asked.Positions}; the weights of {network} were trained with {found.Positions}, so it must be {found.Positions} too.");
        }

        if (problems.Count > 0)
        {
            throw new MofoOptionsException(optionsName, problems);
        }
    }
}
