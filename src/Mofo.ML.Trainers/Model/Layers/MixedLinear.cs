using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Model.Layers;

/// <summary>A linear layer whose float32 weights stay the master copy while the product may run in bfloat16.</summary>
/// <remarks>[.., in] -> [.., out] in the compute type. Autograd casts the gradients back to float32. A weight of higher rank counts as [out, rest].</remarks>
internal sealed class MixedLinear : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "weight")]
    private readonly Parameter _weight;

    [ComponentName(Name = "bias")]
    private readonly Parameter? _bias;

    private readonly Lock _rounding = new();

    /// <summary>The weight in the compute type, kept while the model scores.</summary>
    private Tensor? _rounded;

    public MixedLinear(int inputs, int outputs, bool bias = true)
        : this([outputs, inputs], bias)
    {
    }

    /// <summary>A layer whose weight keeps the given shape (a convolution's, for one), first dimension = outputs.</summary>
    public MixedLinear(long[] weightShape, bool bias = true)
        : base(nameof(MixedLinear))
    {
        // Detached first: a parameter made while a scope is open would die with that scope and vanish from the module.
        _weight = new Parameter(ParameterMemory.Make(weightShape));
        _ = _weight.DetachFromDisposeScope();
        if (bias)
        {
            _bias = new Parameter(zeros(weightShape[0]));
            _ = _bias.DetachFromDisposeScope();
        }

        RegisterComponents();
    }

    /// <summary>The type that the product runs in: Float32 or BFloat16.</summary>
    public ScalarType ComputeType
    {
        get;
        set
        {
            field = StaysFloat32 ? ScalarType.Float32 : value;
            ForgetRounded();
        }
    }

    = ScalarType.Float32;

    /// <summary>True for a layer whose output must not be rounded: the classes' scores.</summary>
    public bool StaysFloat32 { get; init; }

    public Parameter Weight => _weight;

    public Parameter? Bias => _bias;

    public override Tensor forward(Tensor input) => Apply(input, _bias);

    /// <inheritdoc/>
    public override void train(bool on = true)
    {
        ForgetRounded();
        base.train(on);
    }

    /// <summary>The product with a bias that another module may own.</summary>
    public Tensor Apply(Tensor input, Tensor? bias)
    {
        using var scope = NewDisposeScope();

        // Training changes the weights in every step; a model that scores rounds them once. Code that writes weights calls train or eval afterwards.
        var weight = training || is_grad_enabled() || ComputeType == ScalarType.Float32 ? Matrix().to(ComputeType) : Rounded();
        var (rows, added) = (input.to(ComputeType), bias?.to(ComputeType));
        var product = added is not null && rows.device_type != DeviceType.CPU && rows.dim() > 2
            ? InOnePass(rows, weight, added)
            : nn.functional.linear(rows, weight, added!);
        return product.MoveToOuterDisposeScope();
    }

    /// <summary>Rounds the weight now, so that the first pass of a model that scores finds it done.</summary>
    public void RoundAhead()
    {
        if (!training && ComputeType != ScalarType.Float32)
        {
            _ = Rounded();
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            ForgetRounded();
        }

        base.Dispose(disposing);
    }

    /// <summary>Product and bias in one kernel. libtorch does so for matrices alone; of anything else it writes the product, then reads and writes it again to add the bias.</summary>
    /// <remarks>Measured on an H200 (benchmarks/RESULTS.md): those second passes took 11 % of a finetuning step of ViT-B and 28 % of a scoring pass. On a CPU rounding would change for a gain of some percent in wide layers at batch 1 and a loss in narrow ones.</remarks>
    private static Tensor InOnePass(Tensor rows, Tensor weight, Tensor bias)
    {
        using var scope = NewDisposeScope();
        var shape = rows.shape;
        shape[^1] = weight.shape[0];
        return nn.functional.linear(rows.flatten(0, -2), weight, bias).view(shape).MoveToOuterDisposeScope();
    }

    private Tensor Matrix() => _weight.dim() == 2 ? (Tensor)_weight : _weight.flatten(1);

    private Tensor Rounded()
    {
        lock (_rounding)
        {
            if (_rounded is null)
            {
                using var scope = NewDisposeScope();
                _rounded = Matrix().detach().to(ComputeType).DetachFromDisposeScope();
            }

            return _rounded;
        }
    }

    private void ForgetRounded()
    {
        lock (_rounding)
        {
            _rounded?.Dispose();
            _rounded = null;
        }
    }
}
