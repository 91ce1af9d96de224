using System.Collections.Generic;
using System.Linq;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace MatterNano.Shrink;

/// <summary>A call that could give way to the called instructions.</summary>
internal sealed class CallSite
{
    private readonly Image _image;
    private readonly Instruction _call;
    private readonly InlineBody _body;
    private readonly List<Instruction> _pushes;

    /// <summary>With the instructions of the caller that are jumped to.</summary>
    public CallSite(Image image, MethodDefinition caller, Instruction call, InlineBody body, HashSet<Instruction> targets)
    {
        _image = image;
        _call = call;
        _body = body;
        Caller = caller;
        bool isPrefixed = call.Previous?.OpCode.OpCodeType == OpCodeType.Prefix;
        _pushes = isPrefixed ? null : Pushes(targets);
        bool isOwnObject = _pushes != null && _body.Method.HasThis && caller.HasThis && !caller.DeclaringType.IsValueType && InlineBody.ArgumentOf(_pushes[0]) == 0;
        bool isNullSafe = _body.ChecksNull || isOwnObject;
        Fits = !isPrefixed && caller != body.Method && isNullSafe && (body.TakesStack || _pushes != null);
        UsesPushes = Fits && !body.TakesStack;
        Growth = !Fits ? 0 : UsesPushes
            ? body.Instructions.Sum(i => InlineBody.ArgumentOf(i) < 0 ? Flow.Size(i) : Flow.Size(_pushes[InlineBody.ArgumentOf(i)])) - _pushes.Sum(Flow.Size) - Flow.Size(call)
            : body.Instructions.Skip(body.Arguments).Sum(Flow.Size) - Flow.Size(call);
    }

    /// <summary>The method with the call.</summary>
    public MethodDefinition Caller { get; }

    /// <summary>True if it can be done here.</summary>
    public bool Fits { get; }

    /// <summary>By how many bytes the caller grows.</summary>
    public int Growth { get; }

    private bool UsesPushes { get; }

    /// <summary>Does it. The caller's instructions must be in their long forms.</summary>
    public void Replace()
    {
        List<Instruction> code = new();
        foreach (Instruction instruction in UsesPushes ? _body.Instructions : _body.Instructions.Skip(_body.Arguments))
        {
            int argument = InlineBody.ArgumentOf(instruction);
            code.Add(argument < 0 ? Copy(instruction) : Copy(_pushes[argument]));
        }

        ILProcessor processor = Caller.Body.GetILProcessor();
        if (UsesPushes)
        {
            // The first of them may be jumped to: it stays, as the first of what comes instead.
            foreach (Instruction push in _pushes.Skip(1))
            {
                processor.Remove(push);
            }

            if (_pushes.Count > 0)
            {
                Become(_pushes[0], code[0]);
                Instruction at = _pushes[0];
                foreach (Instruction instruction in code.Skip(1))
                {
                    processor.InsertAfter(at, instruction);
                    at = instruction;
                }

                processor.Remove(_call);
                return;
            }
        }

        Instruction place = _call;
        Become(place, code[0]);
        foreach (Instruction instruction in code.Skip(1))
        {
            processor.InsertAfter(place, instruction);
            place = instruction;
        }
    }

    // The instructions before the call, if each just pushes one argument and nothing jumps between them.
    private List<Instruction> Pushes(HashSet<Instruction> targets)
    {
        List<Instruction> pushes = new();
        Instruction at = _call;
        for (int i = 0; i < _body.Arguments; i++)
        {
            if (targets.Contains(at) || at.Previous == null || !IsSimplePush(at.Previous))
            {
                return null;
            }

            at = at.Previous;
            pushes.Insert(0, at);
        }

        return pushes;
    }

    private bool IsSimplePush(Instruction instruction)
    {
        if (InlineBody.IsConstant(instruction))
        {
            return true;
        }

        // Not what the callee might change through an address.
        int argument = InlineBody.ArgumentOf(instruction);
        int local = instruction.OpCode.Code switch
        {
            Code.Ldloc_0 => 0,
            Code.Ldloc_1 => 1,
            Code.Ldloc_2 => 2,
            Code.Ldloc_3 => 3,
            Code.Ldloc_S or Code.Ldloc => ((VariableDefinition)instruction.Operand).Index,
            _ => -1,
        };
        return (argument >= 0 || local >= 0) && !Caller.Body.Instructions.Any(i =>
            (i.OpCode.Code is Code.Ldloca or Code.Ldloca_S && ((VariableDefinition)i.Operand).Index == local)
            || (i.OpCode.Code is Code.Ldarga or Code.Ldarga_S && ((ParameterDefinition)i.Operand).Sequence() == argument));
    }

    private Instruction Copy(Instruction instruction)
    {
        ModuleDefinition module = Caller.Module;
        int argument = InlineBody.ArgumentOf(instruction);
        if (argument >= 0)
        {
            // One of the caller's own pushes.
            return argument == 0 && Caller.HasThis ? Instruction.Create(OpCodes.Ldarg, Caller.Body.ThisParameter)
                : Instruction.Create(OpCodes.Ldarg, Caller.Parameters[argument - (Caller.HasThis ? 1 : 0)]);
        }

        Instruction copy = Instruction.Create(OpCodes.Nop);
        copy.OpCode = instruction.OpCode;
        copy.Operand = instruction.Operand switch
        {
            MemberReference member => _image.Import(member, module),
            object other => other,
            null => null,
        };
        if (copy.OpCode.Code == Code.Call && _image.Resolve((MethodReference)copy.Operand) is MethodDefinition { IsStatic: false, DeclaringType.IsValueType: false })
        {
            // The compiler wrote call for an object that it knew not to be null.
            copy.OpCode = OpCodes.Callvirt;
        }

        return copy;
    }

    private static void Become(Instruction instruction, Instruction other)
    {
        instruction.OpCode = other.OpCode;
        instruction.Operand = other.Operand;
    }
}
