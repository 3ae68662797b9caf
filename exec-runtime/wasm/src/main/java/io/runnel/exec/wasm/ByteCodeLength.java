package io.runnel.exec.wasm;

import run.endive.wasm.types.AnnotatedInstruction;
import run.endive.wasm.types.FunctionBody;
import run.endive.wasm.types.OpCode;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/**
 * How long a function's byte code gets at least, known without compiling it: for each instruction
 * the least that the library's compiler emits. Compilers' code gets 1.1 to 1.5 times as long. Code
 * that is never reached, which they do not leave, counts as well.
 */
final class ByteCodeLength {
    /** What the JVM takes for one function. */
    static final int MOST_BYTES = 65_535;

    /** A call of a helper. */
    private static final int HELPER = 3;

    /** A number or a variable, that many more, and a call of a helper. */
    private static final int HELPER_WITH_TWO = 5;

    private static final int BRANCH = 3;
    private static final int NEAR_VARIABLES = 4;

    /** What is one instruction of the JVM, besides those of all types below. */
    private static final Set<String> SINGLE =
            Set.of("I32_WRAP_I64", "I64_EXTEND_I32_S", "F32_DEMOTE_F64", "F64_PROMOTE_F32");

    private static final Set<String> SINGLE_OF_EACH_TYPE =
            Set.of("ADD", "SUB", "MUL", "AND", "OR", "XOR", "SHL", "SHR_S", "SHR_U", "NEG", "DIV");

    private static final Map<OpCode, Integer> LEAST = all();

    private ByteCodeLength() {}

    private static Map<OpCode, Integer> all() {
        Map<OpCode, Integer> all = new EnumMap<>(OpCode.class);
        for (OpCode code : OpCode.values()) {
            all.put(code, least(code));
        }
        return all;
    }

    private static int least(OpCode code) {
        String name = code.name();
        return switch (code) {
            case BLOCK, LOOP, END, NOP -> 0;
            case BR, BR_IF, BR_TABLE, IF, ELSE -> BRANCH;
            case CALL, CALL_INDIRECT, GLOBAL_GET, GLOBAL_SET -> HELPER_WITH_TWO;
            case LOCAL_TEE -> 2;
            default -> {
                if (name.contains("_LOAD") || name.contains("_STORE")) {
                    yield HELPER_WITH_TWO;
                }
                boolean isNumeric = name.matches("[IF](32|64)_.*") && !name.endsWith("_CONST");
                yield isNumeric && !isSingle(name) ? HELPER : 1;
            }
        };
    }

    private static boolean isSingle(String name) {
        return SINGLE.contains(name) || SINGLE_OF_EACH_TYPE.contains(name.substring(4));
    }

    /** The least length of this function, in bytes. */
    static int least(FunctionBody body) {
        int sum = 0;
        for (AnnotatedInstruction instruction : body.instructions()) {
            sum += LEAST.get(instruction.opcode()) + more(instruction);
        }
        return sum;
    }

    private static int more(AnnotatedInstruction instruction) {
        return switch (instruction.opcode()) {
            case LOCAL_GET, LOCAL_SET, LOCAL_TEE -> instruction.operand(0) < NEAR_VARIABLES ? 0 : 1;
            case I32_CONST -> {
                long value = instruction.operand(0);
                yield value >= -1 && value <= 5 ? 0 : 1;
            }
            case I64_CONST -> {
                long value = instruction.operand(0);
                yield value == 0 || value == 1 ? 0 : 2;
            }
            case BR_TABLE -> 4 * (instruction.operandCount() - 1);
            default -> 0;
        };
    }
}
