using System.Collections.Generic;
using System.Linq;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace MatterNano.Shrink;

/// <summary>The instructions of a method that can stand where it is called: straight on, without locals.</summary>
internal sealed class InlineBody
{
    private const int MaxSize = 24;

    private InlineBody()
    {
    }

    /// <summary>The method.</summary>
    public MethodDefinition Method { get; private init; }

    /// <summary>All but the final ret.</summary>
    public List<Instruction> Instructions { get; private init; }

    /// <summary>How many values a call takes, the object included.</summary>
    public int Arguments { get; private init; }

    /// <summary>The arguments are pushed once, in order, before all else: what follows needs no knowledge of how the caller made them.</summary>
    public bool TakesStack { get; private init; }

    /// <summary>A null object throws what the call would have thrown, before anything else happens.</summary>
    public bool ChecksNull { get; private init; }

    /// <summary>What it calls.</summary>
    public IEnumerable<MethodDefinition> Calls { get; private init; }

    /// <summary>The body of a method, or null if it is not of that kind.</summary>
    public static InlineBody Of(MethodDefinition method, Image image)
    {
        if (!method.HasBody || method.IsConstructor || method.IsVirtual || method.IsSynchronized || method.NoInlining
            || method.Body.HasVariables || method.Body.HasExceptionHandlers || Flow.Size(method.Body) > MaxSize
            || IsStruct(method.ReturnType, image) || method.Parameters.Any(p => IsStruct(p.ParameterType, image))
            || (method.IsStatic && HasInitialiser(method.DeclaringType)))
        {
            return null;
        }

        List<Instruction> all = method.Body.Instructions.Where(i => i.OpCode.Code != Code.Nop).ToList();
        Instruction last = all[^1];
        all.RemoveAt(all.Count - 1);
        if (last.OpCode.Code != Code.Ret || all.Count == 0 || !all.All(IsPlain))
        {
            return null;
        }

        int arguments = method.Parameters.Count + (method.HasThis ? 1 : 0);
        List<MethodDefinition> calls = all.Select(i => i.Operand).OfType<MethodReference>().Select(r => image.Resolve(r)).OfType<MethodDefinition>().ToList();
        if (calls.Contains(method) || all.Any(i => i.OpCode.Code == Code.Call && i.Operand is MethodReference r && image.Resolve(r) is MethodDefinition { IsVirtual: true, DeclaringType.IsValueType: false }))
        {
            return null;
        }

        bool inOrder = all.Count >= arguments && Enumerable.Range(0, arguments).All(i => ArgumentOf(all[i]) == i) && all.Skip(arguments).All(i => ArgumentOf(i) < 0);
        return new InlineBody
        {
            Method = method,
            Instructions = all,
            Arguments = arguments,
            TakesStack = inOrder && all.Count > arguments,
            ChecksNull = !method.HasThis || method.DeclaringType.IsValueType || UsesObjectFirst(all, image),
            Calls = calls,
        };
    }

    /// <summary>The index of the argument that an instruction pushes, the object being 0; -1 for any other instruction.</summary>
    public static int ArgumentOf(Instruction instruction)
    {
        return instruction.OpCode.Code switch
        {
            Code.Ldarg_0 => 0,
            Code.Ldarg_1 => 1,
            Code.Ldarg_2 => 2,
            Code.Ldarg_3 => 3,
            Code.Ldarg_S or Code.Ldarg => ((ParameterDefinition)instruction.Operand).Sequence(),
            _ => -1,
        };
    }

    /// <summary>True for a number, null or a text.</summary>
    public static bool IsConstant(Instruction instruction)
    {
        return instruction.OpCode.Code is (>= Code.Ldc_I4_M1 and <= Code.Ldc_R8) or Code.Ldnull or Code.Ldstr;
    }

    // Structs are copied by calls on nanoCLR, and when is not our business.
    private static bool IsStruct(TypeReference type, Image image)
    {
        return type.IsByReference || (type.IsValueType && !type.IsPrimitive && !image.ResolveType(type).IsEnum);
    }

    /// <summary>True if calling a static method of the type runs its initialiser, as touching a field would not.</summary>
    public static bool HasInitialiser(TypeDefinition type)
    {
        return !type.IsBeforeFieldInit && type.Methods.Any(m => m.IsConstructor && m.IsStatic);
    }

    private static bool IsPlain(Instruction instruction)
    {
        switch (instruction.OpCode.Code)
        {
            case Code.Ldfld:
            case Code.Stfld:
            case Code.Ldsfld:
            case Code.Stsfld:
            case Code.Call:
            case Code.Callvirt:
            case Code.Newobj:
            case Code.Newarr:
            case Code.Ldlen:
            case Code.Isinst:
                return true;
            default:
                return ArgumentOf(instruction) >= 0 || IsConstant(instruction) || IsArithmetic(instruction.OpCode.Code)
                    || instruction.OpCode.Code is >= Code.Ldelem_I1 and <= Code.Stelem_Ref and not Code.Ldelem_I and not Code.Stelem_I;
        }
    }

    private static bool IsArithmetic(Code code)
    {
        return code is Code.Add or Code.Sub or Code.Mul or Code.And or Code.Or or Code.Xor or Code.Shl or Code.Shr or Code.Shr_Un or Code.Neg or Code.Not
            or Code.Ceq or Code.Cgt or Code.Cgt_Un or Code.Clt or Code.Clt_Un
            or Code.Conv_I1 or Code.Conv_I2 or Code.Conv_I4 or Code.Conv_I8 or Code.Conv_U1 or Code.Conv_U2 or Code.Conv_U4 or Code.Conv_U8;
    }

    /// <summary>Follows the stack until the object is used: true if nothing can happen before.</summary>
    public static bool UsesObjectFirst(List<Instruction> instructions, Image image)
    {
        int above = -1;
        foreach (Instruction instruction in instructions)
        {
            Code code = instruction.OpCode.Code;
            int argument = ArgumentOf(instruction);
            if (argument == 0 && above >= 0)
            {
                return false;
            }

            if (argument == 0)
            {
                above = 0;
            }
            else if (argument > 0 || IsConstant(instruction))
            {
                if (above < 0)
                {
                    return false;
                }

                above++;
            }
            else if (IsArithmetic(code))
            {
                bool isUnary = code is Code.Neg or Code.Not || code.ToString().StartsWith("Conv", System.StringComparison.Ordinal);
                if (above < (isUnary ? 1 : 2))
                {
                    return false;
                }

                above -= isUnary ? 0 : 1;
            }
            else
            {
                return (code == Code.Ldfld && above == 0)
                    || (code == Code.Stfld && above == 1)
                    || (code is Code.Call or Code.Callvirt && instruction.Operand is MethodReference { HasThis: true } called && called.Parameters.Count == above);
            }
        }

        return false;
    }
}
