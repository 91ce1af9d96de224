using System.Collections.Generic;
using System.Linq;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace MatterNano.Shrink;

/// <summary>One method going into its only caller. Both are in the long forms of their instructions.</summary>
internal sealed class Absorption
{
    private const int MethodSize = 18;
    private const int MaxSize = 400;
    private const int MaxLocals = 10;
    private const int MaxCallerLocals = 48;

    private readonly Image _image;
    private readonly MethodDefinition _caller;
    private readonly MethodDefinition _callee;
    private readonly Instruction _call;
    private readonly List<VariableDefinition> _slots;
    private readonly List<Instruction> _pushes = new();
    private readonly int _stored;
    private readonly bool _endsCaller;

    /// <summary>With the slots that the caller has for what it absorbs.</summary>
    public Absorption(Image image, MethodDefinition caller, Instruction call, MethodDefinition callee, List<VariableDefinition> slots)
    {
        _image = image;
        _caller = caller;
        _callee = callee;
        _call = call;
        _slots = slots;
        List<Instruction> body = callee.Body.Instructions.ToList();
        HashSet<Instruction> targets = Flow.Targets(caller.Body);
        Arguments = callee.Parameters.Count + (callee.HasThis ? 1 : 0);

        // Arguments that the caller just pushes, the last ones of them, need not be stored if nothing changes them.
        Instruction at = call;
        for (int i = Arguments - 1; i >= 0 && !targets.Contains(at) && at.Previous != null && IsSimplePush(at.Previous) && !IsChanged(i); i--)
        {
            at = at.Previous;
            _pushes.Insert(0, at);
        }

        _stored = Arguments - _pushes.Count;
        _endsCaller = call.Next.OpCode.Code == Code.Ret && !caller.Body.HasExceptionHandlers;
        bool isStraight = body.All(i => i.OpCode.FlowControl is not FlowControl.Branch and not FlowControl.Cond_Branch) && body.Count(i => i.OpCode.Code == Code.Ret) == 1;
        bool isOwnObject = callee.HasThis && _stored == 0 && caller.HasThis && InlineBody.ArgumentOf(_pushes[0]) == 0;
        bool isNullSafe = !callee.HasThis || callee.DeclaringType.IsValueType || isOwnObject || InlineBody.UsesObjectFirst(body, image);
        int depth = Flow.Depth(caller.Body, call) - Arguments;
        Pays = call.Previous?.OpCode.OpCodeType != OpCodeType.Prefix && isNullSafe && (depth == 0 || (isStraight && depth > 0))
            && Enumerable.Range(0, _stored).All(i => Type(i) is { IsByReference: false })
            && body.Sum(Flow.Size) <= MaxSize && _stored + callee.Body.Variables.Count <= MaxLocals
            && caller.Body.Variables.Count + _stored + callee.Body.Variables.Count <= MaxCallerLocals
            && Saved(body) >= 4;
    }

    /// <summary>True if it can be done and the image gets smaller by it.</summary>
    public bool Pays { get; }

    private int Arguments { get; }

    /// <summary>True for a method whose kind is understood.</summary>
    public static bool CanBe(MethodDefinition method, Image image)
    {
        return method.HasBody && !method.IsVirtual && !method.IsConstructor && !method.IsSynchronized && !method.NoInlining && !method.Body.HasExceptionHandlers
            && !image.IsKept(method.Module) && method != method.Module.EntryPoint && !InlineBody.HasInitialiser(method.DeclaringType)
            && !method.Parameters.Select(p => p.ParameterType).Concat(method.Body.Variables.Select(v => v.VariableType)).Append(method.ReturnType).Any(t => IsStruct(t, image))
            && !method.ReturnType.IsByReference && !method.Body.Variables.Any(v => v.IsPinned || v.VariableType.IsByReference)
            && method.Body.Instructions.All(i => i.OpCode.OpCodeType != OpCodeType.Prefix && i.OpCode.Code is not Code.Localloc and not Code.Jmp and not Code.Arglist)
            // The metadata processor counts the stack along the text: a result must fall through to where it is used.
            && (method.Body.Instructions[^1].OpCode.Code == Code.Ret || method.ReturnType.FullName == "System.Void");
    }

    /// <summary>Does it.</summary>
    public void Perform()
    {
        List<VariableDefinition> free = _slots.ToList();
        List<VariableDefinition> stored = Enumerable.Range(0, _stored).Select(i => Slot(Type(i), free)).ToList();
        Dictionary<VariableDefinition, VariableDefinition> locals = _callee.Body.Variables.ToDictionary(v => v, v => Slot(v.VariableType, free));

        List<Instruction> code = stored.AsEnumerable().Reverse().Select(v => Instruction.Create(OpCodes.Stloc, v)).ToList();
        Dictionary<Instruction, Instruction> copies = new();
        Instruction last = _callee.Body.Instructions[^1];
        foreach (Instruction instruction in _callee.Body.Instructions)
        {
            Instruction copy = Copy(instruction, stored, locals);
            if (instruction.OpCode.Code == Code.Ret && !_endsCaller)
            {
                copy = Instruction.Create(OpCodes.Br, _call.Next);
            }

            if (instruction == last && instruction.OpCode.Code == Code.Ret)
            {
                copies.Add(instruction, _call.Next);
                continue;
            }

            copies.Add(instruction, copy);
            code.Add(copy);
        }

        if (code.Count == 0)
        {
            code.Add(Instruction.Create(OpCodes.Nop));
        }

        // What led to the first of the pushes, or to the call, now leads to the first of these.
        Instruction place = _pushes.Count > 0 ? _pushes[0] : _call;
        Instruction first = code[0];
        place.OpCode = first.OpCode;
        place.Operand = first.Operand;
        code[0] = place;
        foreach (Instruction instruction in copies.Keys.ToList())
        {
            if (copies[instruction] == first)
            {
                copies[instruction] = place;
            }
        }

        foreach (Instruction instruction in _callee.Body.Instructions.Where(i => copies.ContainsKey(i) && copies[i] != _call.Next))
        {
            if (instruction.Operand is Instruction target)
            {
                copies[instruction].Operand = copies[target];
            }
            else if (instruction.Operand is Instruction[] several)
            {
                copies[instruction].Operand = several.Select(t => copies[t]).ToArray();
            }
        }

        ILProcessor processor = _caller.Body.GetILProcessor();
        foreach (Instruction push in _pushes.Skip(1))
        {
            processor.Remove(push);
        }

        Instruction at = place;
        foreach (Instruction instruction in code.Skip(1))
        {
            processor.InsertAfter(at, instruction);
            at = instruction;
        }

        if (place != _call)
        {
            processor.Remove(_call);
        }
    }

    private static bool IsStruct(TypeReference type, Image image)
    {
        TypeReference plain = type.IsByReference ? type.GetElementType() : type;
        return plain.IsValueType && !plain.IsPrimitive && !image.ResolveType(plain).IsEnum;
    }

    private int Saved(List<Instruction> body)
    {
        int saved = MethodSize + Flow.Size(_call) + _pushes.Sum(Short) - (2 * _stored);
        saved -= body.Where(i => InlineBody.ArgumentOf(i) >= 0).Sum(i => Cost(InlineBody.ArgumentOf(i)));
        saved -= body.Count(i => i.OpCode.Code is Code.Ldloc or Code.Stloc && ((VariableDefinition)i.Operand).Index < 4);
        return saved - (_endsCaller ? 0 : body.Count(i => i.OpCode.Code == Code.Ret) - 1);
    }

    private int Cost(int argument)
    {
        return (argument < _stored ? 2 : Short(_pushes[argument - _stored])) - (argument < 4 ? 1 : 2);
    }

    // The size of a push in its short form.
    private static int Short(Instruction push)
    {
        return push.OpCode.Code switch
        {
            Code.Ldarg => ((ParameterDefinition)push.Operand).Sequence() < 4 ? 1 : 2,
            Code.Ldloc => ((VariableDefinition)push.Operand).Index < 4 ? 1 : 2,
            Code.Ldloca or Code.Ldarga => 2,
            Code.Ldc_I4 => (int)push.Operand is >= -1 and <= 8 ? 1 : (int)push.Operand is >= -128 and <= 127 ? 2 : 5,
            _ => Flow.Size(push),
        };
    }

    private bool IsSimplePush(Instruction instruction)
    {
        return instruction.OpCode.Code switch
        {
            Code.Ldarg => !_caller.Body.Instructions.Any(i => i.OpCode.Code == Code.Ldarga && i.Operand == instruction.Operand),
            Code.Ldloc => !_caller.Body.Instructions.Any(i => i.OpCode.Code == Code.Ldloca && i.Operand == instruction.Operand),
            Code.Ldloca or Code.Ldarga => true,
            _ => InlineBody.IsConstant(instruction),
        };
    }

    // True if the callee assigns the argument or takes its address.
    private bool IsChanged(int argument)
    {
        return _callee.Body.Instructions.Any(i => i.OpCode.Code is Code.Starg or Code.Ldarga && ((ParameterDefinition)i.Operand).Sequence() == argument);
    }

    // Null for the object of a struct's method, which is an address.
    private TypeReference Type(int argument)
    {
        int parameter = argument - (_callee.HasThis ? 1 : 0);
        return parameter >= 0 ? _callee.Parameters[parameter].ParameterType : _callee.DeclaringType.IsValueType ? null : _callee.DeclaringType;
    }

    private VariableDefinition Slot(TypeReference type, List<VariableDefinition> free)
    {
        VariableDefinition slot = free.FirstOrDefault(v => v.VariableType.FullName == type.FullName);
        if (slot != null)
        {
            free.Remove(slot);
            return slot;
        }

        slot = new VariableDefinition(_image.Import(type, _caller.Module));
        _caller.Body.Variables.Add(slot);
        _caller.Body.InitLocals = true;
        _slots.Add(slot);
        return slot;
    }

    private Instruction Copy(Instruction instruction, List<VariableDefinition> stored, Dictionary<VariableDefinition, VariableDefinition> locals)
    {
        Instruction copy = Instruction.Create(OpCodes.Nop);
        copy.OpCode = instruction.OpCode;
        copy.Operand = instruction.Operand;
        if (instruction.Operand is MemberReference member)
        {
            copy.Operand = _image.Import(member, _caller.Module);
        }
        else if (instruction.Operand is VariableDefinition local)
        {
            copy.Operand = locals[local];
        }
        else if (instruction.Operand is ParameterDefinition parameter)
        {
            int argument = parameter.Sequence();
            if (argument >= _stored)
            {
                copy.OpCode = _pushes[argument - _stored].OpCode;
                copy.Operand = _pushes[argument - _stored].Operand;
            }
            else
            {
                copy.OpCode = instruction.OpCode.Code switch
                {
                    Code.Ldarg => OpCodes.Ldloc,
                    Code.Ldarga => OpCodes.Ldloca,
                    _ => OpCodes.Stloc,
                };
                copy.Operand = stored[argument];
            }
        }

        return copy;
    }
}
