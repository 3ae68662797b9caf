package io.runnel.exec.wasm;

/**
 * A function as the {@link Interpreter} runs it: instructions and their numbers as whole numbers of
 * 32 bits, branches as places in the code. Not changed once made.
 *
 * @param parameters how many of the locals come from the caller
 * @param frame the most values that it has at once: locals, then operands
 * @param references locals that are references, which begin as null
 */
@SuppressWarnings("ArrayRecordComponent") // Shared within the room, changed by nobody.
record FunctionCode(int[] code, int parameters, int locals, int frame, int[] references) {}
