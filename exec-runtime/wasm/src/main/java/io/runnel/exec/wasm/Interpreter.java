package io.runnel.exec.wasm;

import run.endive.runtime.GlobalInstance;
import run.endive.runtime.Instance;
import run.endive.runtime.Machine;
import run.endive.runtime.OpcodeImpl;
import run.endive.runtime.TableInstance;
import run.endive.runtime.TrapException;
import run.endive.runtime.WasmInterruptedException;
import run.endive.runtime.WasmRuntimeException;

import java.util.Arrays;

/**
 * Runs functions that {@link FunctionCheck} has checked and written, at once and without compiling.
 *
 * <p>All calls of a guest share two arrays: one of values, where a function's parameters are the
 * operands that its caller left, and one of frames. Calls among the guest's functions take nothing
 * from the host's stack or heap; both arrays grow up to a limit, past which the guest has exceeded
 * its stack. An interrupt is heeded at each call and each backward jump.
 *
 * <p>A value of 32 bits is kept with its sign extended, a float as its bits. One thread.
 */
final class Interpreter implements Machine {
    /** Values of all frames together: 1 MiB. */
    static final int MOST_VALUES = 1 << 17;

    static final int MOST_FRAMES = 1 << 14;

    private static final int FIRST_VALUES = 512;
    private static final int FIRST_FRAMES = 32;
    private static final int NULL = -1;

    private final InterpretedModule module;
    private final Instance instance;
    private long[] values = new long[FIRST_VALUES];
    private FunctionCode[] callers = new FunctionCode[FIRST_FRAMES];
    private int[] returns = new int[2 * FIRST_FRAMES];

    /** Where a call that comes in begins, of values and of frames. */
    private int top;

    private int topFrame;

    Interpreter(InterpretedModule module, Instance instance) {
        this.module = module;
        this.instance = instance;
    }

    /**
     * Runs a function of the guest; one that another function calls which this one called runs on
     * top of what that one has. A tail call to a compiled function is left with the instance.
     */
    @Override
    public long[] call(int function, long[] arguments) {
        if (function < module.types().imports()) {
            return instance.imports().function(function).handle().apply(instance, arguments);
        }
        FunctionCode code = module.code(function);
        int base = top;
        int baseFrame = topFrame;
        room(base + code.frame());
        System.arraycopy(arguments, 0, values, base, arguments.length);
        if (module.hasHostReferences()) {
            clearHostReferences(
                    ModuleTypes.parameters(module.types().type(function)), values, base);
        }
        try {
            int end = run(code, base, baseFrame, (GuestMemory) instance.memory());
            return Arrays.copyOfRange(values, base, end);
        } finally {
            top = base;
            topFrame = baseFrame;
        }
    }

    /** Makes room for this many values. */
    private long[] room(int wanted) {
        if (wanted > values.length) {
            if (wanted > MOST_VALUES) {
                throw new GuestStackExceeded();
            }
            values =
                    Arrays.copyOf(
                            values, Math.min(MOST_VALUES, Math.max(wanted, 2 * values.length)));
        }
        return values;
    }

    private void roomForFrame(int depth) {
        if (depth == callers.length) {
            if (depth == MOST_FRAMES) {
                throw new GuestStackExceeded();
            }
            callers = Arrays.copyOf(callers, 2 * depth);
            returns = Arrays.copyOf(returns, 4 * depth);
        }
    }

    private static void heedInterrupt() {
        if (Thread.currentThread().isInterrupted()) {
            throw new WasmInterruptedException("Thread interrupted");
        }
    }

    /** Sets a function's own locals to their first values; answers where its operands begin. */
    private static int begin(FunctionCode f, long[] s, int fp) {
        Arrays.fill(s, fp + f.parameters(), fp + f.locals(), 0L);
        for (int reference : f.references()) {
            s[fp + reference] = NULL;
        }
        return fp + f.locals();
    }

    /**
     * Runs the function whose arguments are the values at the base; answers where those end that it
     * leaves there.
     */
    @SuppressWarnings({"IntLongMath", "NarrowCalculation"}) // Numbers of 32 bits wrap in a guest.
    private int run(FunctionCode entry, int base, int baseFrame, GuestMemory memory) {
        FunctionCode f = entry;
        int[] code = f.code();
        long[] s = values;
        int pc = 0;
        int fp = base;
        int depth = baseFrame;
        int sp = begin(f, s, fp);
        while (true) {
            int op = code[pc++];
            switch (op) {
                case Op.LOCAL_GET -> s[sp++] = s[fp + code[pc++]];
                case Op.LOCAL_SET -> s[fp + code[pc++]] = s[--sp];
                case Op.LOCAL_TEE -> s[fp + code[pc++]] = s[sp - 1];
                case Op.CONST -> s[sp++] = code[pc++];
                case Op.LONG_CONST -> {
                    s[sp++] = (code[pc] & 0xFFFF_FFFFL) | (long) code[pc + 1] << 32;
                    pc += 2;
                }
                case Op.JUMP -> {
                    int to = code[pc];
                    if (to <= pc) {
                        heedInterrupt();
                    }
                    pc = to;
                }
                case Op.JUMP_IF_ZERO -> pc = (int) s[--sp] == 0 ? code[pc] : pc + 1;
                case Op.JUMP_IF -> {
                    if ((int) s[--sp] == 0) {
                        pc++;
                    } else {
                        int to = code[pc];
                        if (to <= pc) {
                            heedInterrupt();
                        }
                        pc = to;
                    }
                }
                case Op.BRANCH, Op.BRANCH_IF, Op.BRANCH_TABLE -> {
                    int at = pc;
                    if (op != Op.BRANCH) {
                        int operand = (int) s[--sp];
                        at = op == Op.BRANCH_IF ? operand == 0 ? -1 : pc : entry(code, pc, operand);
                    }
                    if (at < 0) {
                        pc += 3;
                    } else {
                        sp = move(s, sp, code[at + 1], fp + code[at + 2]);
                        if (code[at] <= pc) {
                            heedInterrupt();
                        }
                        pc = code[at];
                    }
                }
                case Op.RETURN -> {
                    sp = move(s, sp, code[pc], fp);
                    if (depth == baseFrame) {
                        return sp;
                    }
                    depth--;
                    f = callers[depth];
                    code = f.code();
                    pc = returns[2 * depth];
                    fp = returns[2 * depth + 1];
                }
                case Op.CALL, Op.CALL_INDIRECT, Op.RETURN_CALL, Op.RETURN_CALL_INDIRECT -> {
                    int callee = code[pc++];
                    if (op == Op.CALL_INDIRECT || op == Op.RETURN_CALL_INDIRECT) {
                        callee = indirect(callee, code[pc++], (int) s[--sp]);
                    }
                    if (module.isOutside(callee)) {
                        boolean tail = op == Op.RETURN_CALL || op == Op.RETURN_CALL_INDIRECT;
                        if (tail && depth == baseFrame && leaves(callee, s, sp)) {
                            room(fp + InterpretedModule.results(f));
                            return fp + InterpretedModule.results(f);
                        }
                        top = fp + f.frame();
                        topFrame = depth;
                        sp = callOutside(callee, s, sp);
                        s = values;
                        if (tail) {
                            pc = InterpretedModule.returnAt(f);
                        }
                    } else {
                        heedInterrupt();
                        FunctionCode g = module.code(callee);
                        if (op == Op.CALL || op == Op.CALL_INDIRECT) {
                            roomForFrame(depth);
                            callers[depth] = f;
                            returns[2 * depth] = pc;
                            returns[2 * depth + 1] = fp;
                            depth++;
                            fp = sp - g.parameters();
                        } else {
                            move(s, sp, g.parameters(), fp);
                        }
                        f = g;
                        code = g.code();
                        pc = 0;
                        s = room(fp + g.frame());
                        sp = begin(g, s, fp);
                    }
                }
                case Op.DROP -> sp--;
                case Op.SELECT -> {
                    sp -= 2;
                    if ((int) s[sp + 1] == 0) {
                        s[sp - 1] = s[sp];
                    }
                }
                case Op.GLOBAL_GET -> s[sp++] = global(code[pc++]).getValue();
                case Op.GLOBAL_SET -> global(code[pc++]).setValue(s[--sp]);
                case 0x28 -> s[sp - 1] = memory.readInt(at(s[sp - 1], code[pc++]));
                case 0x2D -> s[sp - 1] = memory.read(at(s[sp - 1], code[pc++])) & 0xFF;
                case 0x36 -> {
                    sp -= 2;
                    memory.writeI32(at(s[sp], code[pc++]), (int) s[sp + 1]);
                }
                case 0x3A -> {
                    sp -= 2;
                    memory.writeByte(at(s[sp], code[pc++]), (byte) s[sp + 1]);
                }
                case 0x45 -> s[sp - 1] = (int) s[sp - 1] == 0 ? 1 : 0;
                case 0x46 -> s[--sp - 1] = (int) s[sp - 1] == (int) s[sp] ? 1 : 0;
                case 0x47 -> s[--sp - 1] = (int) s[sp - 1] != (int) s[sp] ? 1 : 0;
                case 0x48 -> s[--sp - 1] = (int) s[sp - 1] < (int) s[sp] ? 1 : 0;
                case 0x4A -> s[--sp - 1] = (int) s[sp - 1] > (int) s[sp] ? 1 : 0;
                case 0x6A -> s[--sp - 1] = (int) s[sp - 1] + (int) s[sp];
                case 0x6B -> s[--sp - 1] = (int) s[sp - 1] - (int) s[sp];
                case 0x6C -> s[--sp - 1] = (int) s[sp - 1] * (int) s[sp];
                case 0x71 -> s[--sp - 1] = (int) s[sp - 1] & (int) s[sp];
                case 0x72 -> s[--sp - 1] = (int) s[sp - 1] | (int) s[sp];
                case 0x73 -> s[--sp - 1] = (int) s[sp - 1] ^ (int) s[sp];
                case 0x74 -> s[--sp - 1] = (int) s[sp - 1] << (int) s[sp];
                case 0x75 -> s[--sp - 1] = (int) s[sp - 1] >> (int) s[sp];
                case 0x76 -> s[--sp - 1] = (int) s[sp - 1] >>> (int) s[sp];
                case Op.UNREACHABLE ->
                        throw new TrapException("Trapped on unreachable instruction");
                default -> {
                    if (op >= Op.PREFIXED + 8) {
                        sp = ranges(op - Op.PREFIXED, code[pc], code[pc + 1], s, sp, memory);
                        pc += 2;
                    } else if ((op >= 0x45 && op <= 0xC4) || op >= Op.PREFIXED) {
                        sp = Arithmetic.apply(op, s, sp);
                    } else if (op >= 0x28 && op <= 0x3E) {
                        sp = access(op, s, sp, code[pc++], memory);
                    } else {
                        sp = rare(op, s, sp, code[pc], memory);
                        pc += op == Op.TABLE_GET || op == Op.TABLE_SET || op == Op.REF_FUNC ? 1 : 0;
                    }
                }
            }
        }
    }

    /** An address in memory; -1 if it is beyond any. */
    private static int at(long base, int offset) {
        long address = (base & 0xFFFF_FFFFL) + (offset & 0xFFFF_FFFFL);
        return address > Integer.MAX_VALUE ? -1 : (int) address;
    }

    /** Where a table of branches has the branch for this operand. */
    private static int entry(int[] code, int pc, int operand) {
        int count = code[pc];
        int index = operand < 0 || operand >= count ? count : operand;
        return pc + 1 + 3 * index;
    }

    /** Moves the topmost values; answers where the next one goes. */
    private static int move(long[] s, int sp, int count, int to) {
        int from = sp - count;
        if (from != to) {
            for (int i = 0; i < count; i++) {
                s[to + i] = s[from + i];
            }
        }
        return to + count;
    }

    private GlobalInstance global(int index) {
        return instance.global(index);
    }

    private int indirect(int type, int table, int index) {
        int callee = instance.table(table).requiredRef(index);
        if (!module.types().type(callee).equals(module.types().types().get(type))) {
            throw new WasmRuntimeException("indirect call type mismatch");
        }
        return callee;
    }

    /**
     * Leaves a tail call to compiled code with the instance: whoever called the interpreter goes on
     * with it, and takes no notice of results. False for a call to the host, which calls nobody.
     */
    private boolean leaves(int callee, long[] s, int sp) {
        if (callee < module.types().imports()) {
            return false;
        }
        int count = ModuleTypes.parameters(module.types().type(callee)).length();
        instance.setTailCall(callee, Arrays.copyOfRange(s, sp - count, sp));
        return true;
    }

    /** Calls the host, or compiled code, which may call the interpreter again. */
    private int callOutside(int callee, long[] s, int sp) {
        heedInterrupt();
        String type = module.types().type(callee);
        int first = sp - type.indexOf(':');
        long[] arguments = Arrays.copyOfRange(s, first, sp);
        long[] results =
                callee < module.types().imports()
                        ? instance.imports().function(callee).handle().apply(instance, arguments)
                        : instance.getMachine().call(callee, arguments);
        int count = type.length() - type.indexOf(':') - 1;
        if (count > 0) {
            System.arraycopy(results, 0, values, first, count);
            if (module.hasHostReferences()) {
                clearHostReferences(ModuleTypes.results(type), values, first);
            }
        }
        return first + count;
    }

    /** References of the host are null; compiled code has them as objects, and gives numbers. */
    private static void clearHostReferences(String letters, long[] s, int from) {
        for (int i = 0; i < letters.length(); i++) {
            if (letters.charAt(i) == 'e') {
                s[from + i] = NULL;
            }
        }
    }

    private static int access(int op, long[] s, int sp, int offset, GuestMemory memory) {
        boolean loads = op <= Numeric.LAST_LOAD;
        int at = at(s[loads ? sp - 1 : sp - 2], offset);
        long value = s[sp - 1];
        switch (op) {
            case 0x29, 0x2B -> value = memory.readLong(at);
            case 0x2A -> value = memory.readInt(at);
            case 0x2C, 0x30 -> value = memory.read(at);
            case 0x2E, 0x32 -> value = memory.readShort(at);
            case 0x2F, 0x33 -> value = memory.readShort(at) & 0xFFFF;
            case 0x31 -> value = memory.read(at) & 0xFF;
            case 0x34 -> value = memory.readInt(at);
            case 0x35 -> value = memory.readInt(at) & 0xFFFF_FFFFL;
            case 0x37, 0x39 -> memory.writeLong(at, value);
            case 0x38, 0x3E -> memory.writeI32(at, (int) value);
            case 0x3B, 0x3D -> memory.writeShort(at, (short) value);
            case 0x3C -> memory.writeByte(at, (byte) value);
            default -> throw new IllegalStateException("instruction " + op);
        }
        if (loads) {
            s[sp - 1] = value;
            return sp;
        }
        return sp - 2;
    }

    private int rare(int op, long[] s, int sp, int number, GuestMemory memory) {
        switch (op) {
            case Op.MEMORY_SIZE -> {
                s[sp] = memory.pages();
                return sp + 1;
            }
            case Op.MEMORY_GROW -> s[sp - 1] = memory.grow((int) s[sp - 1]);
            case Op.TABLE_GET -> s[sp - 1] = get(instance.table(number), (int) s[sp - 1]);
            case Op.TABLE_SET -> {
                instance.table(number).setRef((int) s[sp - 2], (int) s[sp - 1], instance);
                return sp - 2;
            }
            case Op.REF_NULL -> {
                s[sp] = NULL;
                return sp + 1;
            }
            case Op.REF_IS_NULL -> s[sp - 1] = s[sp - 1] == NULL ? 1 : 0;
            case Op.REF_FUNC -> {
                s[sp] = number;
                return sp + 1;
            }
            default -> throw new IllegalStateException("instruction " + op);
        }
        return sp;
    }

    private static int get(TableInstance table, int index) {
        if (index < 0 || index >= table.size()) {
            throw new WasmRuntimeException("out of bounds table access");
        }
        return table.ref(index);
    }

    private int ranges(int op, int first, int second, long[] s, int sp, GuestMemory memory) {
        int a = sp >= 3 ? (int) s[sp - 3] : 0;
        int b = sp >= 2 ? (int) s[sp - 2] : 0;
        int c = sp >= 1 ? (int) s[sp - 1] : 0;
        switch (op) {
            case 8 -> memory.initPassiveSegment(first, a, b, c);
            case 9 -> memory.drop(first);
            case 10 -> memory.copy(a, b, c);
            case 11 -> memory.fill((byte) b, a, a + c);
            case 12 -> OpcodeImpl.TABLE_INIT(instance, second, first, c, b, a);
            case 13 -> instance.setElement(first, null);
            case 14 -> OpcodeImpl.TABLE_COPY(instance, second, first, c, b, a);
            case 15 -> s[sp - 2] = instance.table(first).grow(c, b, instance);
            case 16 -> s[sp] = instance.table(first).size();
            case 17 -> OpcodeImpl.TABLE_FILL(instance, first, c, b, a);
            default -> throw new IllegalStateException("instruction 0xfc " + op);
        }
        return switch (op) {
            case 9, 13 -> sp;
            case 15 -> sp - 1;
            case 16 -> sp + 1;
            default -> sp - 3;
        };
    }
}
