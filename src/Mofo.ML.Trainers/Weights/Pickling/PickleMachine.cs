using System.Numerics;
using System.Runtime.InteropServices;

namespace Mofo.ML.Trainers.Weights.Pickling;

/// <summary>Reads one pickle (protocols 2 to 5) into plain data. It has no way to import, call or create anything.</summary>
/// <remarks>
/// Every operation costs constant time and memory, and their number is limited; nothing here recurses, so nesting cannot overflow
/// the stack, and shared objects stay shared, so a small file cannot unfold into a large one.
/// </remarks>
internal sealed class PickleMachine(PickleInput input, string origin, Func<object?, object?> loadPersistent)
{
    /// <summary>The checkpoint of ViT-H with optimiser state takes about 200 thousand.</summary>
    private const int MaxOperations = 4_000_000;

    private readonly List<object?> _stack = [];
    private readonly Stack<int> _marks = new();
    private readonly Dictionary<long, object?> _memo = [];

    public object? Run()
    {
        for (var operations = 0; operations < MaxOperations; operations++)
        {
            var code = input.ReadByte();
            if (code == '.')
            {
                return Pop();
            }

            if (!TryPushValue(code) && !TryCollect(code) && !TryUseMemo(code))
            {
                Construct(code);
            }
        }

        throw Broken(Invariant($"more than {MaxOperations} operations"), "fewer, as checkpoints have");
    }

    /// <summary>Operations that read one value and push it.</summary>
    private bool TryPushValue(byte code)
    {
        switch (code)
        {
            case (byte)'N': Push(null); return true;
            case 0x88: Push(true); return true;
            case 0x89: Push(false); return true;
            case (byte)'J': Push((long)input.ReadInt32()); return true;
            case (byte)'K': Push((long)input.ReadByte()); return true;
            case (byte)'M': Push((long)input.ReadUInt16()); return true;
            case 0x8a: Push(Integer(input.ReadBytes(input.ReadByte()))); return true;
            case 0x8b: Push(Integer(input.ReadBytes(input.ReadInt32()))); return true;
            case (byte)'G': Push(input.ReadBigEndianDouble()); return true;
            case 0x8c: Push(input.ReadText(input.ReadByte())); return true;
            case (byte)'X': Push(input.ReadText((uint)input.ReadInt32())); return true;
            case 0x8d: Push(input.ReadText(input.ReadInt64())); return true;
            case (byte)'U': Push(input.ReadText(input.ReadByte())); return true;
            case (byte)'T': Push(input.ReadText(input.ReadInt32())); return true;
            case (byte)'C': Push(input.ReadBytes(input.ReadByte())); return true;
            case (byte)'B': Push(input.ReadBytes((uint)input.ReadInt32())); return true;
            case 0x8e or 0x96: Push(input.ReadBytes(input.ReadInt64())); return true;
            case (byte)']': Push(new PickleList()); return true;
            case (byte)'}': Push(new PickleDict()); return true;
            case (byte)')': Push(new PickleTuple([])); return true;
            case 0x8f: Push(new PickleOpaque(new PickleGlobal("builtins", "set"))); return true;
            default: return false;
        }
    }

    /// <summary>Operations that put values from the stack into lists, tuples, dictionaries and sets.</summary>
    private bool TryCollect(byte code)
    {
        switch (code)
        {
            case (byte)'(': _marks.Push(_stack.Count); return true;
            case (byte)'0': _ = Pop(); return true;
            case (byte)'1': _ = PopToMark(); return true;
            case (byte)'2': Push(Peek()); return true;
            case (byte)'t': Push(new PickleTuple(PopToMark())); return true;
            case 0x85: Push(new PickleTuple(Pop(1))); return true;
            case 0x86: Push(new PickleTuple(Pop(2))); return true;
            case 0x87: Push(new PickleTuple(Pop(3))); return true;
            case (byte)'a': AddToList(Pop(1)); return true;
            case (byte)'e': AddToList(PopToMark()); return true;
            case (byte)'s': AddToDictionary(Pop(2)); return true;
            case (byte)'u': AddToDictionary(PopToMark()); return true;
            case 0x90: AddToOpaque(PopToMark()); return true;
            case 0x91: _ = PopToMark(); Push(new PickleOpaque(new PickleGlobal("builtins", "frozenset"))); return true;
            default: return false;
        }
    }

    private bool TryUseMemo(byte code)
    {
        switch (code)
        {
            case (byte)'q': _memo[input.ReadByte()] = Peek(); return true;
            case (byte)'r': _memo[(uint)input.ReadInt32()] = Peek(); return true;
            case 0x94: _memo[_memo.Count] = Peek(); return true;
            case (byte)'h': Push(Recall(input.ReadByte())); return true;
            case (byte)'j': Push(Recall((uint)input.ReadInt32())); return true;
            default: return false;
        }
    }

    /// <summary>Operations that in Python import names and call them; here they only make data of allowed kinds.</summary>
    private void Construct(byte code)
    {
        switch (code)
        {
            case 0x80: CheckProtocol(input.ReadByte()); break;
            case 0x95: _ = input.ReadInt64(); break; // frame length: a hint for readers that buffer
            case (byte)'c': Push(Global(input.ReadName(), input.ReadName())); break;
            case 0x93: PushNamedGlobal(Pop(2)); break;
            case (byte)'Q': Push(loadPersistent(Pop())); break;
            case (byte)'R' or 0x81: PushCall(Pop(2)); break;
            case 0x92: PushCall(Pop(3)); break;
            case (byte)'b': SetState(Pop()); break;
            default: throw Broken(Invariant($"operation 0x{code:x2}"), "the operations that torch.save writes (pickle protocols 2 to 5)");
        }
    }

    private void PushNamedGlobal(object?[] names) =>
        Push(names is [string module, string name] ? Global(module, name) : throw Broken("a name that is no text", "module and name"));

    private PickleGlobal Global(string module, string name) =>
        PickleGlobals.Find(module, name)
        ?? throw Broken($"the name '{module}.{name}'", "only names of tensors, containers and run settings; nothing else is ever loaded from a pickle, because Python would execute it. "
            + "If you trust the file, save its state_dict alone with torch.save and load that");

    private void PushCall(object?[] call)
    {
        if (call[0] is not PickleGlobal global || call[1] is not PickleTuple arguments)
        {
            throw Broken("a call of something that is no name", "a name and a tuple of arguments");
        }

        Push(PickleGlobals.Call(global, arguments.Items) ?? throw Broken($"arguments that '{global.Module}.{global.Name}' does not take", "the arguments torch.save writes"));
    }

    private void SetState(object? state)
    {
        // Attributes (settings, the _metadata of a state_dict) are of no use here; a tensor or container keeps its content.
        if (Peek() is not (PickleDict or PickleOpaque or TorchTensor) || state is PickleGlobal)
        {
            throw Broken("attributes set on plain data", "attributes only on objects");
        }
    }

    private void AddToList(object?[] items)
    {
        if (Peek() is PickleList list)
        {
            list.Items.AddRange(items);
        }
        else
        {
            AddToOpaque(items);
        }
    }

    private void AddToDictionary(object?[] items)
    {
        if (items.Length % 2 != 0)
        {
            throw Broken("a key without a value", "pairs");
        }

        if (Peek() is not PickleDict dictionary)
        {
            AddToOpaque(items);
            return;
        }

        for (var i = 0; i < items.Length; i += 2)
        {
            dictionary.Items.Add(KeyValuePair.Create(items[i], items[i + 1]));
        }
    }

    private void AddToOpaque(object?[] items)
    {
        if (Peek() is not PickleOpaque)
        {
            throw Broken(Invariant($"{items.Length} items added to something that is no container"), "a list, set or dict");
        }
    }

    private object? Recall(long index) => _memo.TryGetValue(index, out var value) ? value : throw Broken(Invariant($"a reference to object {index}, which is not there"), "objects that came before");

    private void CheckProtocol(byte protocol)
    {
        if (protocol is < 2 or > 5)
        {
            throw Broken(Invariant($"protocol {protocol}"), "2 to 5");
        }
    }

    /// <summary>Little-endian two's complement; numbers too large for 64 bits only ever occur as the magic number or as seeds.</summary>
    private static object Integer(byte[] bytes)
    {
        var value = new BigInteger(bytes);
        return value >= long.MinValue && value <= long.MaxValue ? (object)(long)value : value;
    }

    private void Push(object? value) => _stack.Add(value);

    private object? Peek() => Floor < _stack.Count ? _stack[^1] : throw Empty();

    private object? Pop()
    {
        var value = Peek();
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private object?[] Pop(int count)
    {
        var start = _stack.Count - count;
        return start >= Floor ? Cut(start) : throw Empty();
    }

    private object?[] PopToMark() => _marks.TryPop(out var mark) ? Cut(mark) : throw Broken("an end without a beginning", "balanced marks");

    private object?[] Cut(int start)
    {
        var items = CollectionsMarshal.AsSpan(_stack)[start..].ToArray();
        CollectionsMarshal.SetCount(_stack, start);
        return items;
    }

    /// <summary>Values below the last mark belong to an outer container.</summary>
    private int Floor => _marks.TryPeek(out var mark) ? mark : 0;

    private WeightFileException Empty() => Broken("an operation without its values", "values before operations");

    private WeightFileException Broken(string found, string expected) => new(origin, null, $"a pickle with {found}", expected);
}
