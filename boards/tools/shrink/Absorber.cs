using System.Collections.Generic;
using System.Linq;
using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace MatterNano.Shrink;

/// <summary>Puts a method that is called at one place only into its caller, branches and locals and all.</summary>
/// <remarks>
/// What it saves is the method's record, its name and the call. The locals of what is absorbed share slots with those of what else the
/// same caller absorbs, so that frames grow little.
/// </remarks>
internal sealed class Absorber
{
    private readonly Image _image;
    private readonly Dictionary<MethodDefinition, List<(MethodDefinition Caller, Instruction Call)>> _uses = new();
    private readonly Dictionary<MethodDefinition, List<MethodDefinition>> _candidates = new();
    private readonly Dictionary<MethodDefinition, List<VariableDefinition>> _slots = new();
    private readonly HashSet<MethodDefinition> _visited = new();
    private readonly Dictionary<ModuleDefinition, HashSet<IMemberDefinition>> _known = new();
    private bool _changed;

    private Absorber(Image image)
    {
        _image = image;
    }

    /// <returns>True if a method went.</returns>
    public static bool Run(Image image)
    {
        return new Absorber(image).Run();
    }

    private bool Run()
    {
        foreach (ModuleDefinition module in _image.Modules)
        {
            _known.Add(module, module.GetTypes().SelectMany(t => t.Methods).Where(m => m.HasBody).SelectMany(m => References.OfBody(m.Body)).Select(_image.Resolve).ToHashSet());
        }

        foreach (MethodDefinition caller in _image.Types.SelectMany(t => t.Methods).Where(m => m.HasBody))
        {
            foreach (Instruction instruction in caller.Body.Instructions)
            {
                if (instruction.Operand is MethodReference reference && _image.Resolve(reference) is MethodDefinition callee && _image.Owns(callee))
                {
                    if (!_uses.TryGetValue(callee, out List<(MethodDefinition, Instruction)> uses))
                    {
                        _uses.Add(callee, uses = new List<(MethodDefinition, Instruction)>());
                    }

                    uses.Add((caller, instruction));
                }
            }
        }

        foreach ((MethodDefinition callee, List<(MethodDefinition Caller, Instruction Call)> uses) in _uses)
        {
            if (uses.Count == 1 && uses[0].Call.OpCode.Code is Code.Call or Code.Callvirt && IsAtHome(callee, uses[0].Caller.Module) && Absorption.CanBe(callee, _image))
            {
                if (!_candidates.TryGetValue(uses[0].Caller, out List<MethodDefinition> callees))
                {
                    _candidates.Add(uses[0].Caller, callees = new List<MethodDefinition>());
                }

                callees.Add(callee);
            }
        }

        foreach (MethodDefinition caller in _candidates.Keys.ToList())
        {
            Absorb(caller);
        }

        return _changed;
    }

    // In another assembly all that a body mentions is a reference, which takes place as well: one new one in the stead of that to the method.
    private bool IsAtHome(MethodDefinition callee, ModuleDefinition module)
    {
        return module == callee.Module || (callee.HasBody && References.OfBody(callee.Body).Select(_image.Resolve).OfType<IMemberDefinition>().Distinct()
            .Count(d => ((MemberReference)d).Module != module && !_known[module].Contains(d) && (d is not TypeDefinition type || !type.IsPrimitive)) <= 1);
    }

    // The innermost first.
    private void Absorb(MethodDefinition caller)
    {
        if (!_candidates.TryGetValue(caller, out List<MethodDefinition> callees) || !_visited.Add(caller) || _image.IsKept(caller.Module))
        {
            return;
        }

        foreach (MethodDefinition callee in callees)
        {
            Absorb(callee);
        }

        caller.Body.SimplifyMacros();
        foreach (MethodDefinition callee in callees)
        {
            callee.Body.SimplifyMacros();
            if (!_slots.TryGetValue(caller, out List<VariableDefinition> slots))
            {
                _slots.Add(caller, slots = new List<VariableDefinition>());
            }

            Absorption absorption = new(_image, caller, _uses[callee][0].Call, callee, slots);
            if (absorption.Pays)
            {
                absorption.Perform();
                callee.DeclaringType.Methods.Remove(callee);
                _changed = true;
            }
            else
            {
                callee.Body.OptimizeMacros();
            }
        }

        caller.Body.OptimizeMacros();
    }
}
