namespace Mofo.ML.MpiUser;

/// <summary>One job: its name and arguments of the form <c>name=value</c>.</summary>
internal sealed class Settings
{
    private readonly Dictionary<string, string> _values = [];

    public string this[string name] => _values[name];

    /// <summary>What to do.</summary>
    public required string Name { get; init; }

    public static List<Settings> Jobs(IEnumerable<string> arguments)
    {
        var jobs = new List<List<string>> { new() };
        foreach (var argument in arguments)
        {
            if (argument == "--")
            {
                jobs.Add([]);
            }
            else
            {
                jobs[^1].Add(argument);
            }
        }

        return jobs.ConvertAll(Parse);
    }

    private static Settings Parse(List<string> arguments)
    {
        var settings = new Settings { Name = arguments[0] };
        foreach (var argument in arguments.Skip(1))
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
