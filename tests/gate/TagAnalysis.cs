using System;
using System.Collections.Generic;
using System.Linq;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace MatterNano.Gate;

/// <summary>
/// nanoCLR decides by a tag on the stack slot whether an operation is signed, and C# emits no instruction for <c>(int)someUint</c> or
/// <c>(long)someUlong</c>: the tag stays unsigned. This follows the tags through the code, over calls as well, and finds the signed
/// operations whose result would differ from .NET's: shift right, remainder, widening to long, conversion to floating point.
/// A result takes the tag of its left operand; locals, fields and array elements give a value the tag of their own type; arguments
/// and results of methods keep the tag they came with.
/// </summary>
internal sealed class TagAnalysis
{
    private readonly Dictionary<string, MethodSummary> _summaries = new();
    private readonly HashSet<string> _own;
    private readonly List<MethodDefinition> _methods;
    private Action<string, MethodDefinition, Instruction, string> _report;

    // Of the method being looked at.
    private MethodDefinition _method;
    private ulong _sensitive;
    private bool _returnsUnsigned;
    private ulong _returned;

    public TagAnalysis(IEnumerable<ModuleDefinition> modules, Func<TypeDefinition, bool> includes)
    {
        List<TypeDefinition> types = modules.SelectMany(m => m.GetTypes()).Where(includes).ToList();
        _methods = types.SelectMany(t => t.Methods).Where(m => m.HasBody && m.Parameters.Count < 60).ToList();
        _own = new HashSet<string>(types.SelectMany(t => t.Methods).Select(Key));

        // A method is looked at again when what it calls has turned out to be more than was known.
        ILookup<string, MethodDefinition> callers = _methods
            .SelectMany(m => m.Body.Instructions.Select(i => i.Operand).OfType<MethodReference>().Select(Key).Distinct().Select(k => (Callee: k, Caller: m)))
            .ToLookup(p => p.Callee, p => p.Caller);
        Queue<MethodDefinition> work = new Queue<MethodDefinition>(_methods);
        HashSet<MethodDefinition> waiting = new HashSet<MethodDefinition>(_methods);
        while (work.Count > 0)
        {
            MethodDefinition method = work.Dequeue();
            waiting.Remove(method);
            Walk(method);
            string key = Key(method);
            if (!Summary(key).Add(_sensitive, _returnsUnsigned, _returned))
            {
                continue;
            }

            foreach (MethodDefinition caller in callers[key].Where(waiting.Add))
            {
                work.Enqueue(caller);
            }
        }
    }

    /// <summary>Reports rule, method, instruction and message of everything found in the methods of a module.</summary>
    public void Report(ModuleDefinition module, Action<string, MethodDefinition, Instruction, string> report)
    {
        _report = report;
        foreach (MethodDefinition method in _methods.Where(m => m.Module == module))
        {
            Walk(method);
        }

        _report = null;
    }

    // Methods that may be called through one another share a summary: an override answers for its base and its interface.
    private static string Key(MethodReference method)
    {
        MethodDefinition definition = method as MethodDefinition;
        bool isVirtual = definition != null ? definition.IsVirtual : ResolveIsVirtual(method);
        string name = definition != null && definition.HasOverrides ? definition.Overrides[0].Name : method.Name;
        string rest = name + "(" + string.Join(",", method.Parameters.Select(p => p.ParameterType.FullName)) + ")";
        return isVirtual ? "virtual " + rest : method.DeclaringType.FullName + "::" + rest;
    }

    private static bool ResolveIsVirtual(MethodReference method)
    {
        try
        {
            MethodDefinition definition = method.Resolve();
            return definition != null && definition.IsVirtual;
        }
        catch (AssemblyResolutionException)
        {
            return false;
        }
    }

    private MethodSummary Summary(string key)
    {
        if (!_summaries.TryGetValue(key, out MethodSummary summary))
        {
            summary = new MethodSummary();
            _summaries.Add(key, summary);
        }

        return summary;
    }

    private void Walk(MethodDefinition method)
    {
        _method = method;
        _sensitive = 0;
        _returnsUnsigned = false;
        _returned = 0;
        Dictionary<Instruction, List<Tagged>> entries = new();
        Queue<Instruction> work = new();
        Enter(entries, work, method.Body.Instructions[0], new List<Tagged>());
        foreach (ExceptionHandler handler in method.Body.ExceptionHandlers)
        {
            List<Tagged> stack = new List<Tagged>();
            if (handler.HandlerType is ExceptionHandlerType.Catch or ExceptionHandlerType.Filter)
            {
                stack.Add(Tagged.Reference(handler.CatchType));
            }

            Enter(entries, work, handler.HandlerStart, stack);
            if (handler.FilterStart != null)
            {
                Enter(entries, work, handler.FilterStart, stack);
            }
        }

        Action<string, MethodDefinition, Instruction, string> report = _report;
        _report = null;
        while (work.Count > 0)
        {
            Instruction instruction = work.Dequeue();
            List<Tagged> stack = new List<Tagged>(entries[instruction]);
            Step(instruction, stack);
            foreach (Instruction next in Next(instruction))
            {
                Enter(entries, work, next, stack);
            }
        }

        _report = report;
        if (report != null)
        {
            foreach (Instruction instruction in method.Body.Instructions.Where(entries.ContainsKey))
            {
                Step(instruction, new List<Tagged>(entries[instruction]));
            }
        }
    }

    private static void Enter(Dictionary<Instruction, List<Tagged>> entries, Queue<Instruction> work, Instruction at, List<Tagged> stack)
    {
        if (!entries.TryGetValue(at, out List<Tagged> known))
        {
            entries.Add(at, new List<Tagged>(stack));
            work.Enqueue(at);
            return;
        }

        bool changed = false;
        for (int i = 0; i < known.Count && i < stack.Count; i++)
        {
            Tagged merged = Tagged.Merge(known[i], stack[i]);
            changed |= !merged.Equals(known[i]);
            known[i] = merged;
        }

        if (changed)
        {
            work.Enqueue(at);
        }
    }

    private static IEnumerable<Instruction> Next(Instruction instruction)
    {
        switch (instruction.OpCode.FlowControl)
        {
            case FlowControl.Return:
            case FlowControl.Throw:
                return Array.Empty<Instruction>();
            case FlowControl.Branch:
                return new[] { (Instruction)instruction.Operand };
            case FlowControl.Cond_Branch:
                IEnumerable<Instruction> targets = instruction.Operand is Instruction[] many ? many : new[] { (Instruction)instruction.Operand };
                return instruction.Next == null ? targets : targets.Append(instruction.Next);
            default:
                return instruction.Next == null ? Array.Empty<Instruction>() : new[] { instruction.Next };
        }
    }

    private void Found(string rule, Instruction instruction, string message)
    {
        _report?.Invoke(rule, _method, instruction, message);
    }

    // A signed operation on a value.
    private void Signed(Tagged value, Instruction instruction, string operation)
    {
        _sensitive |= value.Parameters;
        if (value.IsWrongWhenSigned)
        {
            Found(Rules.UnsignedTag, instruction, operation + " of a value that nanoCLR still takes for unsigned; stay in uint/ulong, or write -1 & (int)x, (int)(long)x, -1L & (long)x");
        }
    }

    private static Tagged Pop(List<Tagged> stack)
    {
        if (stack.Count == 0)
        {
            return Tagged.Reference(null);
        }

        Tagged top = stack[^1];
        stack.RemoveAt(stack.Count - 1);
        return top;
    }

    private static TypeReference Element(TypeReference type)
    {
        return type switch
        {
            ArrayType array => array.ElementType,
            ByReferenceType reference => reference.ElementType,
            IModifierType modified => Element(modified.ElementType),
            _ => null,
        };
    }

    // A value read from a place of a type.
    private static Tagged Load(TypeReference type)
    {
        if (type is IModifierType modified)
        {
            return Load(modified.ElementType);
        }

        if (type == null || type is TypeSpecification)
        {
            return Tagged.Reference(type);
        }

        switch (type.MetadataType)
        {
            case MetadataType.Boolean:
                return Tagged.Signed(32, 1);
            case MetadataType.Byte:
                return Tagged.Signed(32, 8);
            case MetadataType.UInt16:
            case MetadataType.Char:
                return Tagged.Signed(32, 16);
            case MetadataType.SByte:
            case MetadataType.Int16:
            case MetadataType.Int32:
                return Tagged.Signed(32, 32);
            case MetadataType.UInt32:
                return Tagged.Unsigned(32, 32);
            case MetadataType.Int64:
                return Tagged.Signed(64, 64);
            case MetadataType.UInt64:
                return Tagged.Unsigned(64, 64);
            case MetadataType.Single:
            case MetadataType.Double:
                return Tagged.Float();
            case MetadataType.ValueType:
                TypeDefinition definition = type as TypeDefinition ?? type.Resolve();
                return definition != null && definition.IsEnum
                    ? Load(definition.Fields.First(f => !f.IsStatic).FieldType)
                    : Tagged.Reference(type);
            default:
                return Tagged.Reference(type);
        }
    }

    private static Tagged Constant(long value, int width)
    {
        int bits = width;
        if (value >= 0)
        {
            bits = 0;
            while (bits < 63 && (value >> bits) != 0)
            {
                bits++;
            }
        }

        return Tagged.Signed(width, bits) with { Constant = value };
    }

    private Tagged Argument(ParameterDefinition parameter, int index)
    {
        Tagged value = Load(parameter.ParameterType);

        // An int or long parameter has the tag that its caller's value has.
        return value.Width > 0 && value.Bits == value.Width && value.UnsignedBits < 0 ? value with { Parameters = 1UL << index } : value;
    }

    private void Step(Instruction instruction, List<Tagged> stack)
    {
        Code code = instruction.OpCode.Code;
        switch (code)
        {
            case Code.Ldarg_0:
            case Code.Ldarg_1:
            case Code.Ldarg_2:
            case Code.Ldarg_3:
                PushArgument(stack, code - Code.Ldarg_0);
                return;
            case Code.Ldarg_S:
            case Code.Ldarg:
                ParameterDefinition parameter = (ParameterDefinition)instruction.Operand;
                PushArgument(stack, parameter.Index + (_method.HasThis ? 1 : 0));
                return;
            case Code.Ldarga:
            case Code.Ldarga_S:
                stack.Add(Tagged.Reference(new ByReferenceType(((ParameterDefinition)instruction.Operand).ParameterType)));
                return;
            case Code.Ldloc_0:
            case Code.Ldloc_1:
            case Code.Ldloc_2:
            case Code.Ldloc_3:
                stack.Add(Load(_method.Body.Variables[code - Code.Ldloc_0].VariableType));
                return;
            case Code.Ldloc_S:
            case Code.Ldloc:
                stack.Add(Load(((VariableDefinition)instruction.Operand).VariableType));
                return;
            case Code.Ldloca:
            case Code.Ldloca_S:
                stack.Add(Tagged.Reference(new ByReferenceType(((VariableDefinition)instruction.Operand).VariableType)));
                return;
            case Code.Ldc_I4_M1:
                stack.Add(Constant(-1, 32));
                return;
            case Code.Ldc_I4:
                stack.Add(Constant((int)instruction.Operand, 32));
                return;
            case Code.Ldc_I4_S:
                stack.Add(Constant((sbyte)instruction.Operand, 32));
                return;
            case Code.Ldc_I8:
                stack.Add(Constant((long)instruction.Operand, 64));
                return;
            case Code.Ldc_R4:
            case Code.Ldc_R8:
                stack.Add(Tagged.Float());
                return;
            case Code.Dup:
                Tagged top = Pop(stack);
                stack.Add(top);
                stack.Add(top);
                return;
            case Code.Ldfld:
                Pop(stack);
                stack.Add(Load(((FieldReference)instruction.Operand).FieldType));
                return;
            case Code.Ldsfld:
                stack.Add(Load(((FieldReference)instruction.Operand).FieldType));
                return;
            case Code.Ldflda:
                Pop(stack);
                stack.Add(Tagged.Reference(new ByReferenceType(((FieldReference)instruction.Operand).FieldType)));
                return;
            case Code.Ldsflda:
                stack.Add(Tagged.Reference(new ByReferenceType(((FieldReference)instruction.Operand).FieldType)));
                return;
            case Code.Newarr:
                Pop(stack);
                stack.Add(Tagged.Reference(new ArrayType((TypeReference)instruction.Operand)));
                return;
            case Code.Ldlen:
                Pop(stack);
                stack.Add(Tagged.Unsigned(32, 31));
                return;
            case Code.Ldelema:
                Pop(stack);
                Pop(stack);
                stack.Add(Tagged.Reference(new ByReferenceType((TypeReference)instruction.Operand)));
                return;
            case Code.Ldelem_Any:
                Pop(stack);
                Pop(stack);
                stack.Add(Load((TypeReference)instruction.Operand));
                return;
            case Code.Ldobj:
            case Code.Unbox_Any:
            case Code.Castclass:
            case Code.Isinst:
                Pop(stack);
                stack.Add(Load((TypeReference)instruction.Operand));
                return;
            case Code.Newobj:
                Call(instruction, stack);
                return;
            case Code.Call:
            case Code.Callvirt:
                Call(instruction, stack);
                return;
            case Code.Ret:
                Return(stack);
                return;
            case Code.Ceq:
            case Code.Cgt:
            case Code.Cgt_Un:
            case Code.Clt:
            case Code.Clt_Un:
                Pop(stack);
                Pop(stack);
                stack.Add(Tagged.Signed(32, 1));
                return;
        }

        if (code >= Code.Ldc_I4_0 && code <= Code.Ldc_I4_8)
        {
            stack.Add(Constant(code - Code.Ldc_I4_0, 32));
        }
        else if (code >= Code.Ldelem_I1 && code <= Code.Ldelem_Ref)
        {
            Pop(stack);
            stack.Add(Load(Element(Pop(stack).Type)) is { Width: not 0 } element ? element : ByCode(code, null));
        }
        else if (code >= Code.Ldind_I1 && code <= Code.Ldind_Ref)
        {
            TypeReference type = Element(Pop(stack).Type);
            stack.Add(ByCode(code, type));
        }
        else if (!Arithmetic(instruction, stack) && !Conversion(instruction, stack))
        {
            Other(instruction, stack);
        }
    }

    private void PushArgument(List<Tagged> stack, int index)
    {
        if (_method.HasThis)
        {
            if (index == 0)
            {
                stack.Add(Tagged.Reference(_method.DeclaringType.IsValueType ? new ByReferenceType(_method.DeclaringType) : _method.DeclaringType));
                return;
            }

            index--;
        }

        stack.Add(Argument(_method.Parameters[index], index));
    }

    private static Tagged ByCode(Code code, TypeReference type)
    {
        Tagged known = Load(type);
        if (known.Width != 0)
        {
            return known;
        }

        switch (code)
        {
            case Code.Ldelem_U1:
            case Code.Ldind_U1:
                return Tagged.Signed(32, 8);
            case Code.Ldelem_U2:
            case Code.Ldind_U2:
                return Tagged.Signed(32, 16);
            case Code.Ldelem_I1:
            case Code.Ldelem_I2:
            case Code.Ldelem_I4:
            case Code.Ldind_I1:
            case Code.Ldind_I2:
            case Code.Ldind_I4:
                return Tagged.Signed(32, 32);
            case Code.Ldelem_U4:
            case Code.Ldind_U4:
                return Tagged.Unsigned(32, 32);
            case Code.Ldelem_I8:
            case Code.Ldind_I8:
                return Tagged.Unsigned(64, 64);
            case Code.Ldelem_R4:
            case Code.Ldelem_R8:
            case Code.Ldind_R4:
            case Code.Ldind_R8:
                return Tagged.Float();
            default:
                return Tagged.Reference(type);
        }
    }

    private bool Arithmetic(Instruction instruction, List<Tagged> stack)
    {
        Code code = instruction.OpCode.Code;
        switch (code)
        {
            case Code.Neg:
            case Code.Not:
                Tagged only = Pop(stack);
                stack.Add(only.Width > 0 ? only.With(only.Width) : only);
                return true;
            case Code.Add:
            case Code.Sub:
            case Code.Mul:
            case Code.And:
            case Code.Or:
            case Code.Xor:
            case Code.Shl:
            case Code.Shr:
            case Code.Shr_Un:
            case Code.Div:
            case Code.Div_Un:
            case Code.Rem:
            case Code.Rem_Un:
                break;
            default:
                return false;
        }

        Tagged right = Pop(stack);
        Tagged left = Pop(stack);
        if (left.Width <= 0)
        {
            stack.Add(left);
            return true;
        }

        int shift = right.Constant is long count ? (int)count & (left.Width - 1) : -1;
        int bits;
        switch (code)
        {
            case Code.Add:
                bits = Math.Max(left.Bits, right.Bits) + 1;
                break;
            case Code.Mul:
                bits = left.Bits + right.Bits;
                break;
            case Code.And:
                bits = Math.Min(left.Bits, right.Bits);
                break;
            case Code.Or:
            case Code.Xor:
                bits = Math.Max(left.Bits, right.Bits);
                break;
            case Code.Shl:
                bits = shift < 0 ? left.Width : left.Bits + shift;
                break;
            case Code.Shr:
                Signed(left, instruction, "Signed shift to the right");
                bits = left.IsNotNegative ? left.Bits - Math.Max(shift, 0) : left.Width;
                break;
            case Code.Shr_Un:
                bits = left.Bits - Math.Max(shift, 0);
                break;
            case Code.Div:
                Divide(left, right, instruction);
                bits = left.IsNotNegative && right.IsNotNegative ? left.Bits : left.Width;
                break;
            case Code.Div_Un:
                bits = left.Bits;
                break;
            case Code.Rem:
                Divide(left, right, instruction);
                Signed(left, instruction, "Signed remainder");
                bits = left.IsNotNegative && right.IsNotNegative ? Math.Min(left.Bits, right.Bits) : left.Width;
                break;
            case Code.Rem_Un:
                bits = Math.Min(left.Bits, right.Bits);
                break;
            default:
                bits = left.Width;
                break;
        }

        stack.Add(left.With(bits));
        return true;
    }

    private void Divide(Tagged left, Tagged right, Instruction instruction)
    {
        bool safe = left.IsNotNegative || right.IsNotNegative || (right.Constant is long divisor && divisor != -1);
        if (!safe)
        {
            Found(Rules.SignedDivision, instruction, "Signed division by a value that may be -1: the smallest number divided by -1 throws on .NET and not on nanoCLR; use uint, or check the range first");
        }
    }

    private bool Conversion(Instruction instruction, List<Tagged> stack)
    {
        switch (instruction.OpCode.Code)
        {
            case Code.Conv_I1:
            case Code.Conv_I2:
                Tagged small = Pop(stack);
                stack.Add(Tagged.Signed(32, small.Width > 0 && small.Bits <= 7 ? small.Bits : 32));
                return true;
            case Code.Conv_U1:
                stack.Add(Tagged.Signed(32, Math.Min(8, BitsOf(Pop(stack)))));
                return true;
            case Code.Conv_U2:
                stack.Add(Tagged.Signed(32, Math.Min(16, BitsOf(Pop(stack)))));
                return true;
            case Code.Conv_I4:
                stack.Add(Tagged.Signed(32, Math.Min(32, BitsOf(Pop(stack)))));
                return true;
            case Code.Conv_U4:
                stack.Add(Tagged.Unsigned(32, Math.Min(32, BitsOf(Pop(stack)))));
                return true;
            case Code.Conv_I8:
                Tagged widened = Pop(stack);
                if (widened.Width == 32)
                {
                    Signed(widened, instruction, "Widening to long");
                }

                stack.Add(Tagged.Signed(64, widened.IsNotNegative ? widened.Bits : 64));
                return true;
            case Code.Conv_U8:
                Tagged source = Pop(stack);
                if (source.Width == -1)
                {
                    Found(Rules.FloatToUlong, instruction, "A floating-point number of 2^63 or more becomes 2^63 on nanoCLR when it is converted to ulong");
                }

                stack.Add(Tagged.Unsigned(64, source.Width == 32 ? Math.Min(32, source.Bits) : 64));
                return true;
            case Code.Conv_R4:
            case Code.Conv_R8:
                Signed(Pop(stack), instruction, "Conversion to floating point");
                stack.Add(Tagged.Float());
                return true;
            case Code.Conv_R_Un:
                Pop(stack);
                stack.Add(Tagged.Float());
                return true;
            default:
                return false;
        }
    }

    private static int BitsOf(Tagged value)
    {
        return value.Width > 0 ? value.Bits : 64;
    }

    private void Call(Instruction instruction, List<Tagged> stack)
    {
        MethodReference callee = (MethodReference)instruction.Operand;
        int count = callee.Parameters.Count;
        Tagged[] arguments = new Tagged[count];
        for (int i = count - 1; i >= 0; i--)
        {
            arguments[i] = Pop(stack);
        }

        bool creates = instruction.OpCode.Code == Code.Newobj;
        if (callee.HasThis && !creates)
        {
            Pop(stack);
        }

        string key = Key(callee);
        bool own = _own.Contains(key);
        bool isDelegate = callee.Name == "Invoke" && callee.HasThis && IsDelegate(callee.DeclaringType);
        MethodSummary summary = own ? Summary(key) : null;
        ulong parameters = 0;
        bool unsigned = summary != null && summary.ReturnsUnsigned;
        for (int i = 0; i < count; i++)
        {
            Tagged formal = Load(callee.Parameters[i].ParameterType);
            if (formal.Width <= 0 || formal.UnsignedBits >= 0)
            {
                continue;
            }

            if (isDelegate || (summary != null && (summary.Sensitive >> i & 1) != 0))
            {
                Signed(arguments[i], instruction, "Argument " + (i + 1) + " of " + callee.Name + " is used there as a signed number: signed operation");
            }

            if (summary != null && (summary.Returned >> i & 1) != 0)
            {
                parameters |= arguments[i].Parameters;
                unsigned |= arguments[i].IsWrongWhenSigned;
            }
        }

        if (creates)
        {
            stack.Add(Tagged.Reference(callee.DeclaringType));
        }
        else if (callee.ReturnType.MetadataType != MetadataType.Void)
        {
            Tagged result = Load(callee.ReturnType);
            if (result.Width > 0 && result.UnsignedBits < 0 && result.Bits == result.Width)
            {
                result = result with { Parameters = parameters, UnsignedBits = unsigned ? result.Width : -1 };
            }

            stack.Add(result);
        }
    }

    private static bool IsDelegate(TypeReference type)
    {
        TypeDefinition definition = type as TypeDefinition;
        return definition?.BaseType != null && definition.BaseType.FullName == "System.MulticastDelegate";
    }

    private void Return(List<Tagged> stack)
    {
        Tagged formal = Load(_method.ReturnType);
        if (_method.ReturnType.MetadataType == MetadataType.Void || formal.Width <= 0 || formal.UnsignedBits >= 0)
        {
            return;
        }

        Tagged value = Pop(stack);
        _returned |= value.Parameters;
        _returnsUnsigned |= value.IsWrongWhenSigned;
    }

    private void Other(Instruction instruction, List<Tagged> stack)
    {
        int pops;
        switch (instruction.OpCode.StackBehaviourPop)
        {
            case StackBehaviour.Pop0:
                pops = 0;
                break;
            case StackBehaviour.Pop1:
            case StackBehaviour.Popi:
            case StackBehaviour.Popref:
                pops = 1;
                break;
            case StackBehaviour.Pop1_pop1:
            case StackBehaviour.Popi_pop1:
            case StackBehaviour.Popi_popi:
            case StackBehaviour.Popi_popi8:
            case StackBehaviour.Popi_popr4:
            case StackBehaviour.Popi_popr8:
            case StackBehaviour.Popref_pop1:
            case StackBehaviour.Popref_popi:
                pops = 2;
                break;
            case StackBehaviour.PopAll:
                pops = stack.Count;
                break;
            case StackBehaviour.Varpop:
                CallSite site = instruction.Operand as CallSite;
                pops = site == null ? 0 : site.Parameters.Count + 1 + (site.HasThis ? 1 : 0);
                break;
            default:
                pops = 3;
                break;
        }

        while (pops-- > 0)
        {
            Pop(stack);
        }

        bool pushes = instruction.OpCode.StackBehaviourPush is not (StackBehaviour.Push0 or StackBehaviour.Varpush)
            || instruction.Operand is CallSite { ReturnType: { MetadataType: not MetadataType.Void } };
        if (pushes)
        {
            stack.Add(instruction.OpCode.Code == Code.Sizeof ? Tagged.Signed(32, 31) : Tagged.Reference(null));
        }
    }
}
