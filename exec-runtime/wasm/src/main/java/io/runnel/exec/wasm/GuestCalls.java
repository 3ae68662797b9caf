package io.runnel.exec.wasm;

import run.endive.runtime.Instance;
import run.endive.runtime.Memory;
import run.endive.runtime.OpcodeImpl;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.Optional;

/**
 * The calls of helpers in one of a guest's functions, and what stands there instead: {@link
 * Peephole}. The last two parameters of such a function are its memory and its instance.
 */
final class GuestCalls {
    private static final ClassDesc ACCESS = ClassDesc.of(MemoryAccess.class.getName());
    private static final ClassDesc MARKED = ClassDesc.of(MarkedAccess.class.getName());
    private static final ClassDesc CONVERSIONS = ClassDesc.of(Conversions.class.getName());
    private static final ClassDesc MIXED = ClassDesc.of(MixedMachine.class.getName());
    private static final ClassDesc MEMORY = ClassDesc.of(Memory.class.getName());
    private static final String HELPERS = "Shaded";
    private static final String POLL = "checkInterruption";
    private static final String OPERATIONS = OpcodeImpl.class.getName().replace('.', '/');
    private static final MethodTypeDesc READ_GLOBAL =
            MethodTypeDesc.of(ConstantDescs.CD_long, ConstantDescs.CD_int, MEMORY);
    private static final MethodTypeDesc WRITE_GLOBAL =
            MethodTypeDesc.of(
                    ConstantDescs.CD_void, ConstantDescs.CD_long, ConstantDescs.CD_int, MEMORY);

    private static final MethodTypeDesc HEED_CALL =
            MethodTypeDesc.of(ConstantDescs.CD_void, MEMORY);

    private static final MethodTypeDesc INTERPRET =
            MethodTypeDesc.of(
                    ConstantDescs.CD_long.arrayType(),
                    ConstantDescs.CD_long.arrayType(),
                    ConstantDescs.CD_int,
                    ClassDesc.of(Instance.class.getName()));
    private static final MethodTypeDesc TURNS =
            MethodTypeDesc.of(ConstantDescs.CD_int, ConstantDescs.CD_int, ConstantDescs.CD_int);

    private final int memory;

    GuestCalls(MethodTypeDesc function) {
        int slots = 0;
        for (ClassDesc parameter : function.parameterList()) {
            slots += TypeKind.from(parameter).slotSize();
        }
        this.memory = slots - 2;
    }

    /** Looks for an interrupt, which ends the guest. */
    void poll(CodeBuilder out) {
        out.invokestatic(ACCESS, "heedInterrupt", ConstantDescs.MTD_void);
    }

    /** Looks whether the guest is to end, in the way of the code's form. */
    void heedCall(CodeBuilder out) {
        out.aload(memory).invokestatic(MARKED, "heedCall", HEED_CALL);
    }

    /** How often a counted loop may go round before it looks for an interrupt. */
    void turns(CodeBuilder out) {
        out.invokestatic(ACCESS, "turns", TURNS);
    }

    static boolean isPoll(CodeElement element) {
        return element instanceof InvokeInstruction call && call.name().equalsString(POLL);
    }

    /** Whether this may call one of the guest's functions, or one of the host's. */
    static boolean callsFunction(InvokeInstruction call) {
        String owner = call.owner().asInternalName();
        if (owner.equals(OPERATIONS)) {
            return false;
        }
        String name = call.name().stringValue();
        return !owner.endsWith(HELPERS)
                || !(name.startsWith("memoryRead")
                        || name.startsWith("memoryWrite")
                        || name.equals("readGlobal")
                        || name.equals("writeGlobal")
                        || name.equals(POLL)
                        || name.startsWith("i32_")
                        || name.startsWith("i64_"));
    }

    /** Whether this has to do with tail calls, which go on in a loop of the library. */
    static boolean isTailCall(InvokeInstruction call) {
        return call.name().stringValue().contains("TailCall");
    }

    /** Whether this stores into memory. */
    static boolean isWrite(InvokeInstruction call) {
        return call.owner().asInternalName().endsWith(HELPERS)
                && call.name().stringValue().startsWith("memoryWrite");
    }

    /** Writes this store, without a mark of what it writes. */
    void writeNear(InvokeInstruction call, CodeBuilder out) {
        out.invokestatic(ACCESS, call.name().stringValue() + "Near", call.typeSymbol());
    }

    /** Writes this call, or a better one. */
    void write(InvokeInstruction call, CodeBuilder out) {
        String name = call.name().stringValue();
        boolean helper = call.owner().asInternalName().endsWith(HELPERS);
        if (helper && name.startsWith("memoryRead")) {
            out.invokestatic(ACCESS, name, call.typeSymbol());
        } else if (helper && name.startsWith("memoryWrite")) {
            out.invokestatic(MARKED, name, call.typeSymbol());
        } else if (helper && name.equals("readGlobal")) {
            out.pop().aload(memory).invokestatic(ACCESS, name, READ_GLOBAL);
        } else if (helper && name.equals("writeGlobal")) {
            out.pop().aload(memory).invokestatic(ACCESS, name, WRITE_GLOBAL);
        } else if (helper && name.equals("callIndirect") && call.typeSymbol().equals(INTERPRET)) {
            out.invokestatic(MIXED, "interpret", INTERPRET);
        } else if (name.equals("F32_CONVERT_I64_U")) {
            out.invokestatic(CONVERSIONS, "f32OfUnsigned", call.typeSymbol());
        } else if (name.equals("F64_CONVERT_I64_U")) {
            out.invokestatic(CONVERSIONS, "f64OfUnsigned", call.typeSymbol());
        } else {
            out.with(call);
        }
    }

    /** One instruction for a comparison that gives 0 or 1, and a branch that asks which. */
    static Optional<Opcode> fused(InvokeInstruction call, Opcode branch) {
        if (!call.owner().asInternalName().equals(OPERATIONS)
                || (branch != Opcode.IFEQ && branch != Opcode.IFNE)) {
            return Optional.empty();
        }
        boolean asked = branch == Opcode.IFNE;
        return Optional.ofNullable(
                switch (call.name().stringValue()) {
                    case "I32_EQZ" -> asked ? Opcode.IFEQ : Opcode.IFNE;
                    case "I32_EQ" -> asked ? Opcode.IF_ICMPEQ : Opcode.IF_ICMPNE;
                    case "I32_NE" -> asked ? Opcode.IF_ICMPNE : Opcode.IF_ICMPEQ;
                    case "I32_LT_S" -> asked ? Opcode.IF_ICMPLT : Opcode.IF_ICMPGE;
                    case "I32_GE_S" -> asked ? Opcode.IF_ICMPGE : Opcode.IF_ICMPLT;
                    case "I32_GT_S" -> asked ? Opcode.IF_ICMPGT : Opcode.IF_ICMPLE;
                    case "I32_LE_S" -> asked ? Opcode.IF_ICMPLE : Opcode.IF_ICMPGT;
                    default -> null;
                });
    }
}
