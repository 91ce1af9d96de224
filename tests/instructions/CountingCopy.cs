using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Runtime.Loader;
using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace MatterNano.Instructions;

/// <summary>Loads this assembly once more, over a copy of the stack in which every basic block adds its instructions to <see cref="Counter"/>.</summary>
public sealed class CountingCopy : AssemblyLoadContext
{
    private readonly string _original;
    private readonly string _copy;

    private CountingCopy(string original, string copy)
    {
        _original = original;
        _copy = copy;
    }

    /// <summary>Runs a public static method of this assembly, without parameters, over the copy.</summary>
    public static object Run(Type type, string method)
    {
        string original = typeof(Secrets).Assembly.Location;
        string copy = System.IO.Path.ChangeExtension(System.IO.Path.GetTempFileName(), ".dll");
        try
        {
            Write(original, copy);
            Assembly again = new CountingCopy(original, copy).LoadFromAssemblyPath(type.Assembly.Location);
            return again.GetType(type.FullName).GetMethod(method).Invoke(null, null);
        }
        finally
        {
            System.IO.File.Delete(copy);
        }
    }

    protected override Assembly Load(AssemblyName name) =>
        name.Name == System.IO.Path.GetFileNameWithoutExtension(_original)
            ? LoadFromStream(new System.IO.MemoryStream(System.IO.File.ReadAllBytes(_copy)))
            : null;

    private static void Write(string original, string copy)
    {
        using ModuleDefinition module = ModuleDefinition.ReadModule(original);
        MethodReference add = module.ImportReference(typeof(Counter).GetMethod(nameof(Counter.Add)));
        foreach (MethodDefinition method in module.GetTypes().SelectMany(t => t.Methods).Where(m => m.HasBody))
        {
            Instrument(method.Body, add);
        }

        module.Write(copy);
    }

    private static void Instrument(Mono.Cecil.Cil.MethodBody body, MethodReference add)
    {
        body.SimplifyMacros();
        List<Instruction> all = body.Instructions.ToList();
        HashSet<Instruction> leaders = new() { all[0] };
        for (int i = 0; i < all.Count; i++)
        {
            Instruction instruction = all[i];
            if (instruction.Operand is Instruction target)
            {
                leaders.Add(target);
            }
            else if (instruction.Operand is Instruction[] targets)
            {
                leaders.UnionWith(targets);
            }

            if (instruction.OpCode.FlowControl is FlowControl.Branch or FlowControl.Cond_Branch or FlowControl.Return or FlowControl.Throw && i + 1 < all.Count)
            {
                leaders.Add(all[i + 1]);
            }
        }

        foreach (ExceptionHandler handler in body.ExceptionHandlers)
        {
            leaders.UnionWith(new[] { handler.TryStart, handler.HandlerStart, handler.FilterStart }.Where(i => i != null));
        }

        Dictionary<Instruction, Instruction> starts = new();
        ILProcessor processor = body.GetILProcessor();
        for (int i = 0; i < all.Count; i++)
        {
            if (leaders.Contains(all[i]))
            {
                int count = 1;
                while (i + count < all.Count && !leaders.Contains(all[i + count]))
                {
                    count++;
                }

                Instruction start = processor.Create(OpCodes.Ldc_I4, count);
                processor.InsertBefore(all[i], start);
                processor.InsertBefore(all[i], processor.Create(OpCodes.Call, add));
                starts[all[i]] = start;
            }
        }

        foreach (Instruction instruction in all)
        {
            if (instruction.Operand is Instruction target)
            {
                instruction.Operand = starts[target];
            }
            else if (instruction.Operand is Instruction[] targets)
            {
                instruction.Operand = targets.Select(t => starts[t]).ToArray();
            }
        }

        foreach (ExceptionHandler handler in body.ExceptionHandlers)
        {
            handler.TryStart = Start(handler.TryStart);
            handler.TryEnd = Start(handler.TryEnd);
            handler.HandlerStart = Start(handler.HandlerStart);
            handler.HandlerEnd = Start(handler.HandlerEnd);
            handler.FilterStart = Start(handler.FilterStart);
        }

        body.OptimizeMacros();

        Instruction Start(Instruction instruction) =>
            instruction != null && starts.TryGetValue(instruction, out Instruction start) ? start : instruction;
    }
}
