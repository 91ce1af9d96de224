using System.Linq;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace MatterNano.Shrink;

/// <summary>Constructors call that of System.Object, which does nothing.</summary>
internal static class Constructors
{
    /// <summary>Takes these calls out.</summary>
    public static void DropObjectCalls(Image image)
    {
        foreach (MethodDefinition constructor in image.Types.Where(t => !image.IsKept(t.Module)).SelectMany(t => t.Methods).Where(m => m.IsConstructor && !m.IsStatic && m.HasBody))
        {
            Instruction call = constructor.Body.Instructions.FirstOrDefault(i => i.OpCode.Code == Code.Call && ((MethodReference)i.Operand).FullName == "System.Void System.Object::.ctor()");
            if (call?.Previous?.OpCode.Code == Code.Ldarg_0 && !Flow.Targets(constructor.Body).Overlaps(new[] { call, call.Previous }))
            {
                ILProcessor processor = constructor.Body.GetILProcessor();
                processor.Remove(call.Previous);
                processor.Remove(call);
            }
        }
    }
}
