using System.Collections.Generic;
using System.Linq;
using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace MatterNano.Shrink;

/// <summary>Keeps in a local what a method loads again and again: readonly fields of its own object, large constants.</summary>
/// <remarks>
/// A field takes four bytes a time and two instructions, a constant five bytes; a local two or one, and one instruction.
/// Both are loaded at the start, where neither can fail, and neither changes while the method runs.
/// </remarks>
internal static class Repeats
{
    private const int LocalSize = 2;
    private const int MaxLocals = 200;

    // A local takes 12 bytes of every frame.
    private const int MaxNew = 4;

    /// <summary>In all methods.</summary>
    public static void Run(Image image)
    {
        foreach (MethodDefinition method in image.Types.Where(t => !image.IsKept(t.Module)).SelectMany(t => t.Methods).Where(m => m.HasBody && !m.IsConstructor))
        {
            method.Body.SimplifyMacros();
            HashSet<Instruction> targets = Flow.Targets(method.Body);
            List<List<Instruction>> groups = Constants(method).Concat(Fields(method, image, targets))
                .Select(g => g.ToList()).Where(g => Saved(g) > 0).OrderByDescending(Saved).Take(MaxNew).ToList();
            foreach (List<Instruction> group in groups.Where(_ => method.Body.Variables.Count < MaxLocals))
            {
                Keep(method, group);
            }

            method.Body.OptimizeMacros();
        }
    }

    private static IEnumerable<IEnumerable<Instruction>> Constants(MethodDefinition method)
    {
        return method.Body.Instructions
            .Where(i => i.OpCode.Code == Code.Ldc_I8 || (i.OpCode.Code == Code.Ldc_I4 && (int)i.Operand is < -128 or > 127))
            .GroupBy(i => i.Operand);
    }

    // The ldfld of each pair; what jumps may only jump to the ldarg before it.
    private static IEnumerable<IEnumerable<Instruction>> Fields(MethodDefinition method, Image image, HashSet<Instruction> targets)
    {
        if (method.IsStatic || method.DeclaringType.IsValueType || method.Body.Instructions.Any(i => i.OpCode.Code is Code.Starg or Code.Ldarga && i.Operand == method.Body.ThisParameter))
        {
            return Enumerable.Empty<IEnumerable<Instruction>>();
        }

        return method.Body.Instructions
            .Where(i => i.OpCode.Code == Code.Ldfld && !targets.Contains(i) && i.Previous?.OpCode.Code == Code.Ldarg && i.Previous.Operand == method.Body.ThisParameter)
            .GroupBy(i => (FieldDefinition)image.Resolve((FieldReference)i.Operand))
            .Where(g => g.Key.IsInitOnly && (g.Key.FieldType.IsPrimitive || !g.Key.FieldType.IsValueType));
    }

    private static int Size(Instruction instruction)
    {
        return instruction.OpCode.Code == Code.Ldfld ? 4 : Flow.Size(instruction);
    }

    private static int Saved(List<Instruction> group)
    {
        int size = Size(group[0]);
        return (group.Count * (size - LocalSize)) - size - LocalSize;
    }

    private static void Keep(MethodDefinition method, List<Instruction> group)
    {
        ModuleDefinition module = method.Module;
        Instruction first = group[0];
        TypeReference type = first.OpCode.Code switch
        {
            Code.Ldc_I4 => module.TypeSystem.Int32,
            Code.Ldc_I8 => module.TypeSystem.Int64,
            _ => ((FieldReference)first.Operand).FieldType,
        };
        VariableDefinition local = new(type);
        method.Body.Variables.Add(local);
        method.Body.InitLocals = true;
        ILProcessor processor = method.Body.GetILProcessor();
        Instruction start = method.Body.Instructions[0];
        if (first.OpCode.Code == Code.Ldfld)
        {
            processor.InsertBefore(start, Instruction.Create(OpCodes.Ldarg, method.Body.ThisParameter));
        }

        Instruction load = Instruction.Create(OpCodes.Nop);
        load.OpCode = first.OpCode;
        load.Operand = first.Operand;
        processor.InsertBefore(start, load);
        processor.InsertBefore(start, Instruction.Create(OpCodes.Stloc, local));
        foreach (Instruction instruction in group)
        {
            Instruction place = instruction;
            if (instruction.OpCode.Code == Code.Ldfld)
            {
                place = instruction.Previous;
                processor.Remove(instruction);
            }

            place.OpCode = OpCodes.Ldloc;
            place.Operand = local;
        }
    }
}
