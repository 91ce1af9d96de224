using System.Collections.Generic;
using System.Linq;
using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace MatterNano.Shrink;

/// <summary>Puts the instructions of small methods where they are called: getters, setters, constants, forwarders, short formulas.</summary>
/// <remarks>Only where the image becomes no larger by it; a call costs the interpreter more than anything that is inlined here.</remarks>
internal sealed class Inliner
{
    // A record of 16 bytes and a share of its signature go with a method.
    private const int MethodSize = 18;
    private const int CallSize = 3;

    private readonly Image _image;
    private readonly Dictionary<MethodDefinition, InlineBody> _bodies = new();
    private readonly Dictionary<MethodDefinition, List<CallSite>> _sites = new();
    private readonly HashSet<MethodDefinition> _addressed = new();

    private Inliner(Image image)
    {
        _image = image;
    }

    /// <returns>True if a call went.</returns>
    public static bool Run(Image image)
    {
        return new Inliner(image).Run();
    }

    private bool Run()
    {
        List<MethodDefinition> methods = _image.Types.SelectMany(t => t.Methods).ToList();
        foreach (MethodDefinition method in methods.Where(m => !_image.IsKept(m.Module) && m != m.Module.EntryPoint))
        {
            InlineBody body = InlineBody.Of(method, _image);
            if (body != null)
            {
                _bodies.Add(method, body);
                _sites.Add(method, new List<CallSite>());
            }
        }

        foreach (MethodDefinition method in methods.Where(m => m.HasBody))
        {
            FindSites(method);
        }

        // A body that is itself about to change waits for the next round.
        HashSet<MethodDefinition> chosen = _bodies.Keys.Where(Pays).ToHashSet();
        HashSet<MethodDefinition> changed = new();
        foreach (MethodDefinition method in chosen.Where(m => !_bodies[m].Calls.Any(chosen.Contains)))
        {
            foreach (CallSite site in _sites[method].Where(s => s.Fits))
            {
                if (changed.Add(site.Caller))
                {
                    site.Caller.Body.SimplifyMacros();
                }

                site.Replace();
            }
        }

        foreach (MethodDefinition method in changed)
        {
            method.Body.OptimizeMacros();
        }

        return changed.Count > 0;
    }

    private void FindSites(MethodDefinition caller)
    {
        HashSet<Instruction> targets = null;
        foreach (Instruction instruction in caller.Body.Instructions)
        {
            if (instruction.Operand is not MethodReference reference || _image.Resolve(reference) is not MethodDefinition callee || !_bodies.TryGetValue(callee, out InlineBody body))
            {
                continue;
            }

            if (instruction.OpCode.Code is Code.Call or Code.Callvirt)
            {
                targets ??= Flow.Targets(caller.Body);
                _sites[callee].Add(new CallSite(_image, caller, instruction, body, targets));
            }
            else
            {
                _addressed.Add(callee);
            }
        }
    }

    private bool Pays(MethodDefinition method)
    {
        List<CallSite> sites = _sites[method];
        bool goes = !_addressed.Contains(method) && sites.All(s => s.Fits);
        int saved = goes ? MethodSize + Flow.Size(method.Body) : 0;
        return sites.Any(s => s.Fits) && sites.Where(s => s.Fits).Sum(s => s.Growth) <= saved;
    }
}
