namespace Mofo.ML.Transforms.MlNetBridge;

/// <summary>Checks column names that come from a file.</summary>
internal static class SavedColumn
{
    /// <exception cref="FormatException">The name is blank.</exception>
    public static void Check(string name, string role)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            throw new FormatException($"the name of the {role} column is blank");
        }
    }
}
