using System.Collections.Generic;
using System.Linq;
using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace MatterNano.Shrink;

/// <summary>The places of locals: instructions for the first four are shorter by a byte.</summary>
internal static class Locals
{
    private const int ShortForms = 4;

    /// <summary>Gives the first places to the locals that are named most.</summary>
    public static void Sort(Image image)
    {
        foreach (MethodDefinition method in image.Types.Where(t => !image.IsKept(t.Module)).SelectMany(t => t.Methods).Where(m => m.HasBody && m.Body.Variables.Count > ShortForms))
        {
            method.Body.SimplifyMacros();
            ILookup<object, Instruction> uses = method.Body.Instructions.Where(i => i.OpCode.Code is Code.Ldloc or Code.Stloc).ToLookup(i => i.Operand);
            List<VariableDefinition> first = method.Body.Variables.OrderByDescending(v => uses[v].Count()).Take(ShortForms).ToList();
            List<VariableDefinition> order = first.Concat(method.Body.Variables.Except(first)).OrderBy(v => first.Contains(v) ? 0 : 1).ThenBy(v => first.Contains(v) ? string.Empty : v.VariableType.FullName).ToList();
            method.Body.Variables.Clear();
            foreach (VariableDefinition variable in order)
            {
                method.Body.Variables.Add(variable);
            }

            method.Body.OptimizeMacros();
        }
    }
}
