namespace Mofo.ML.MpiUser;

/// <summary>Arguments of the form <c>name=value</c>.</summary>
internal sealed class Settings
{
    private readonly Dictionary<string, string> _values = [];

    public string this[string name] => _values[name];

    public static Settings Parse(string[] arguments)
    {
        var settings = new Settings();
        foreach (var argument in arguments)
        {
            var parts = argument.Split('=', 2);
            settings._values[parts[0]] = parts.Length > 1 ? parts[1] : "";
        }

        return settings;
    }

    public bool Flag(string name) => _values.ContainsKey(name);

    public string? Find(string name) => _values.GetValueOrDefault(name);

    public int Number(string name, int otherwise) => _values.TryGetValue(name, out var text) ? int.Parse(text) : otherwise;
}
