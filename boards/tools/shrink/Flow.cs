using System.Collections.Generic;
using System.Linq;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace MatterNano.Shrink;

/// <summary>Where a body jumps, and how large it is on the device.</summary>
internal static class Flow
{
    /// <summary>Every instruction that something other than the one before it may lead to.</summary>
    public static HashSet<Instruction> Targets(MethodBody body)
    {
        HashSet<Instruction> targets = new();
        foreach (Instruction instruction in body.Instructions)
        {
            if (instruction.Operand is Instruction target)
            {
                targets.Add(target);
            }
            else if (instruction.Operand is Instruction[] several)
            {
                targets.UnionWith(several);
            }
        }

        foreach (ExceptionHandler handler in body.ExceptionHandlers)
        {
            targets.UnionWith(new[] { handler.TryStart, handler.TryEnd, handler.HandlerStart, handler.HandlerEnd, handler.FilterStart }.Where(i => i != null));
        }

        return targets;
    }

    /// <summary>Bytes of a body's instructions in an image.</summary>
    public static int Size(MethodBody body)
    {
        return body.Instructions.Sum(Size);
    }

    /// <summary>Bytes of an instruction in an image: tokens and long branches take two bytes there.</summary>
    public static int Size(Instruction instruction)
    {
        return instruction.OpCode.Size + instruction.OpCode.OperandType switch
        {
            OperandType.InlineNone => 0,
            OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar or OperandType.ShortInlineArg => 1,
            OperandType.InlineI or OperandType.ShortInlineR or OperandType.InlineTok => 4,
            OperandType.InlineI8 or OperandType.InlineR => 8,
            OperandType.InlineSwitch => 1 + (2 * ((Instruction[])instruction.Operand).Length),
            _ => 2,
        };
    }

    /// <summary>How many values lie on the stack before an instruction; -1 if nothing leads to it.</summary>
    public static int Depth(MethodBody body, Instruction sought)
    {
        Dictionary<Instruction, int> depths = new();
        Stack<(Instruction, int)> open = new();
        open.Push((body.Instructions[0], 0));
        foreach (ExceptionHandler handler in body.ExceptionHandlers)
        {
            open.Push((handler.HandlerStart, handler.HandlerType is ExceptionHandlerType.Catch or ExceptionHandlerType.Filter ? 1 : 0));
            if (handler.FilterStart != null)
            {
                open.Push((handler.FilterStart, 1));
            }
        }

        while (open.TryPop(out (Instruction At, int Depth) next))
        {
            for (Instruction at = next.At; at != null && depths.TryAdd(at, next.Depth); at = at.Next)
            {
                if (at == sought)
                {
                    return next.Depth;
                }

                next.Depth += Change(at);
                foreach (Instruction target in at.Operand as Instruction[] ?? (at.Operand is Instruction one ? new[] { one } : System.Array.Empty<Instruction>()))
                {
                    open.Push((target, at.OpCode.Code is Code.Leave or Code.Leave_S ? 0 : next.Depth));
                }

                if (at.OpCode.FlowControl is FlowControl.Branch or FlowControl.Return or FlowControl.Throw)
                {
                    break;
                }
            }
        }

        return -1;
    }

    // What an instruction adds to the stack.
    private static int Change(Instruction instruction)
    {
        if (instruction.Operand is MethodReference called && instruction.OpCode.Code is Code.Call or Code.Callvirt or Code.Newobj)
        {
            int pushed = instruction.OpCode.Code == Code.Newobj || called.ReturnType.FullName != "System.Void" ? 1 : 0;
            return pushed - called.Parameters.Count - (called.HasThis && instruction.OpCode.Code != Code.Newobj ? 1 : 0);
        }

        return Count(instruction.OpCode.StackBehaviourPush) - Count(instruction.OpCode.StackBehaviourPop);
    }

    // Pop1_pop1 and the like: a part of the name for each value.
    private static int Count(StackBehaviour behaviour)
    {
        return behaviour is StackBehaviour.Pop0 or StackBehaviour.Push0 or StackBehaviour.PopAll or StackBehaviour.Varpop or StackBehaviour.Varpush
            ? 0 : behaviour.ToString().Split('_').Length;
    }
}
