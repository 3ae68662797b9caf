package io.runnel.exec.wasm;

/**
 * Instructions of the {@link Interpreter}. Those that are the same in a module keep their number
 * there; these are others. Behind each: its numbers.
 */
final class Op {
    static final int UNREACHABLE = 0x00;

    /** Place. */
    static final int JUMP = 0x02;

    /** Place: if the operand is 0. */
    static final int JUMP_IF_ZERO = 0x03;

    /** Place: if the operand is not 0. */
    static final int JUMP_IF = 0x04;

    /** Place, how many values go with it, where in the frame they go to. */
    static final int BRANCH = 0x0C;

    static final int BRANCH_IF = 0x0D;

    /** How many, and for each what a branch has; the last is the default. */
    static final int BRANCH_TABLE = 0x0E;

    /** How many values. */
    static final int RETURN = 0x0F;

    /** Function. */
    static final int CALL = 0x10;

    /** Type, table. */
    static final int CALL_INDIRECT = 0x11;

    static final int RETURN_CALL = 0x12;
    static final int RETURN_CALL_INDIRECT = 0x13;
    static final int DROP = 0x1A;
    static final int SELECT = 0x1B;
    static final int LOCAL_GET = 0x20;
    static final int LOCAL_SET = 0x21;
    static final int LOCAL_TEE = 0x22;
    static final int GLOBAL_GET = 0x23;
    static final int GLOBAL_SET = 0x24;
    static final int TABLE_GET = 0x25;
    static final int TABLE_SET = 0x26;
    static final int MEMORY_SIZE = 0x3F;
    static final int MEMORY_GROW = 0x40;

    /** A value of 32 bits. */
    static final int CONST = 0x41;

    /** Low half, high half. */
    static final int LONG_CONST = 0x42;

    static final int REF_NULL = 0xD0;
    static final int REF_IS_NULL = 0xD1;
    static final int REF_FUNC = 0xD2;

    /** Before the number behind the prefix 0xFC. */
    static final int PREFIXED = 0x100;

    /** Two locals. */
    static final int TWO_LOCALS = 0x120;

    /** Local, constant: their sum, of 32 bits. */
    static final int LOCAL_PLUS_CONST = 0x121;

    private Op() {}
}
