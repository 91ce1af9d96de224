using System.Collections.Generic;
using System.Linq;
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
}
