using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Mofo.ML.Trainers.Weights;

namespace Mofo.ML.Trainers.Tests.Applying;

/// <summary>
/// VideoMAE as transformers defines it, computed number by number in double from the tensors under HuggingFace's names and from config.json: slow, and independent of the library's layers.
/// </summary>
internal sealed class TransformersReference(WeightSet weights, JsonObject config)
{
    private readonly int _width = (int)config["hidden_size"]!;
    private readonly double _epsilon = (double)config["layer_norm_eps"]!;

    /// <summary>The vector that the classifier sees (or the mean of the last hidden state, where there is no classifier), and the logits.</summary>
    /// <param name="pixels">[3][T][H][W], normalised.</param>
    public (double[] Features, double[]? Logits) Run(Func<int, int, int, int, double> pixels)
    {
        var tokens = Embed(pixels);
        for (var layer = 0; layer < (int)config["num_hidden_layers"]!; layer++)
        {
            tokens = Layer(tokens, $"videomae.encoder.layer.{layer}.");
        }

        var hasTokenNorm = weights.TryFind("videomae.layernorm.weight", out _);
        tokens = hasTokenNorm ? [.. tokens.Select(t => Norm(t, "videomae.layernorm", _epsilon))] : tokens;
        var hasClassifier = weights.TryFind("classifier.weight", out _);
        var pooled = hasClassifier && !(bool)config["use_mean_pooling"]! ? tokens[0]
            : [.. Enumerable.Range(0, _width).Select(i => tokens.Average(t => t[i]))];
        var features = weights.TryFind("fc_norm.weight", out _) ? Norm(pooled, "fc_norm", 1e-5) : pooled;
        return (features, hasClassifier ? Linear(features, "classifier") : null);
    }

    private double[][] Embed(Func<int, int, int, int, double> pixels)
    {
        var (patch, tubelet) = ((int)config["patch_size"]!, (int)config["tubelet_size"]!);
        var (slices, cells) = ((int)config["num_frames"]! / tubelet, (int)config["image_size"]! / patch);
        var kernel = Values("videomae.embeddings.patch_embeddings.projection.weight");
        var bias = Values("videomae.embeddings.patch_embeddings.projection.bias");
        var tokens = new List<double[]>();
        for (var (t, position) = (0, 0); t < slices; t++)
        {
            for (var y = 0; y < cells; y++)
            {
                for (var x = 0; x < cells; x++, position++)
                {
                    tokens.Add([.. Enumerable.Range(0, _width).Select(c => bias[c] + Convolve(c, t, y, x) + Sinusoid(position, c))]);
                }
            }
        }

        return [.. tokens];

        double Convolve(int c, int t, int y, int x)
        {
            var sum = 0.0;
            var at = c * 3 * tubelet * patch * patch;
            for (var channel = 0; channel < 3; channel++)
            {
                for (var f = 0; f < tubelet; f++)
                {
                    for (var i = 0; i < patch; i++)
                    {
                        for (var j = 0; j < patch; j++)
                        {
                            sum += kernel[at++] * pixels(channel, (t * tubelet) + f, (y * patch) + i, (x * patch) + j);
                        }
                    }
                }
            }

            return sum;
        }
    }

    private double Sinusoid(int position, int c)
    {
        var angle = position / Math.Pow(10000, 2.0 * (c / 2) / _width);
        return c % 2 == 0 ? Math.Sin(angle) : Math.Cos(angle);
    }

    private double[][] Layer(double[][] tokens, string name)
    {
        var attended = Attend([.. tokens.Select(t => Norm(t, name + "layernorm_before", _epsilon))], name + "attention.");
        var middle = tokens.Zip(attended, Add).ToArray();
        return [.. middle.Select(t => Add(t, Linear([.. Linear(Norm(t, name + "layernorm_after", _epsilon), name + "intermediate.dense").Select(Gelu)], name + "output.dense")))];
    }

    private double[][] Attend(double[][] tokens, string name)
    {
        var heads = (int)config["num_attention_heads"]!;
        var size = _width / heads;
        var queries = tokens.Select(t => Product(t, name + "attention.query.weight", name + "attention.q_bias")).ToArray();
        var keys = tokens.Select(t => Product(t, name + "attention.key.weight", null)).ToArray();
        var values = tokens.Select(t => Product(t, name + "attention.value.weight", name + "attention.v_bias")).ToArray();
        return [.. queries.Select(query => Linear(
            [.. Enumerable.Range(0, heads).SelectMany(head =>
            {
                var scores = keys.Select(key => Enumerable.Range(head * size, size).Sum(i => query[i] * key[i]) / Math.Sqrt(size)).ToArray();
                var largest = scores.Max();
                var shares = scores.Select(s => Math.Exp(s - largest)).ToArray();
                var total = shares.Sum();
                return Enumerable.Range(head * size, size).Select(i => shares.Zip(values, (share, value) => share / total * value[i]).Sum());
            })],
            name + "output.dense"))];
    }

    private double[] Linear(double[] input, string name) => Product(input, name + ".weight", name + ".bias");

    private double[] Product(double[] input, string weight, string? bias)
    {
        var matrix = Values(weight);
        var summands = bias is not null && weights.TryFind(bias, out _) ? Values(bias) : null;
        return [.. Enumerable.Range(0, matrix.Length / input.Length).Select(row => (summands?[row] ?? 0) + input.Select((value, i) => value * matrix[(row * input.Length) + i]).Sum())];
    }

    private double[] Norm(double[] input, string name, double epsilon)
    {
        var (weight, bias) = (Values(name + ".weight"), Values(name + ".bias"));
        var mean = input.Average();
        var deviation = Math.Sqrt(input.Average(v => (v - mean) * (v - mean)) + epsilon);
        return [.. input.Select((v, i) => ((v - mean) / deviation * weight[i]) + bias[i])];
    }

    private static double[] Add(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x + y)];

    /// <summary>x Phi(x); the error function by its series, which converges for the values that occur here.</summary>
    private static double Gelu(double x)
    {
        var z = x / Math.Sqrt(2);
        var (sum, term) = (z, z);
        for (var n = 1; n < 200 && Math.Abs(term) > 1e-18; n++)
        {
            term *= -z * z / n;
            sum += term / ((2 * n) + 1);
        }

        return Math.Abs(z) > 5 ? Math.Max(x, 0) : 0.5 * x * (1 + (2 / Math.Sqrt(Math.PI) * sum));
    }

    private double[] Values(string name) => [.. MemoryMarshal.Cast<byte, float>(weights[name].ToArray()).ToArray().Select(v => (double)v)];
}
